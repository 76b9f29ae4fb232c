import type { ArtifactFiles } from '#domain/artifact.ts';
import { Failure } from '#domain/failure.ts';
import { sessionDate, type SessionDate } from '#domain/sessionDate.ts';
import { explainWeights, sizeWeights } from '#domain/sizing.ts';
import { AccountAgent, type KeptAccount } from '#models/agents/accountAgent.ts';
import { readAgent, readPolicy, type SavedAgent } from '#models/agents/agentArtifact.ts';
import { loadPolicy, type ServedPolicy } from '#models/agents/agentPolicy.ts';
import type { OnnxOptions } from '#models/onnx/onnxSession.ts';
import type { Decider, DecidingAccount } from '#pipelines/decider.ts';
import type { Scaler } from '#pipelines/scaling.ts';
import { seenMarket, type SeenMarket } from '#pipelines/seenMarket.ts';
import type { MarketSource } from '#pipelines/tradingMarket.ts';
import type { SessionSpan } from '#pipelines/sessionSpan.ts';
import { artifactJson } from './artifactJson.ts';

/** Since when an agent trades an account; plain JSON, part of every decision it makes there. */
export interface TakenOver {
  /** Session at whose close it first decided, `YYYY-MM-DD`. */
  readonly from: string;
  /** Dollars that the account was worth then. */
  readonly worth: number;
}

/** What an agent is to decide on. */
export interface AgentSeat {
  readonly source: MarketSource;
  /** Sessions it may be asked of. */
  readonly span: SessionSpan;
  /** Absent: it takes the account over with its first decision. */
  readonly takenOver?: TakenOver;
  readonly inference: OnnxOptions;
}

/**
 * An agent as somebody who decides target weights: what it would hold after its orders, sized. The policy computes here:
 * one observation takes microseconds.
 * @throws Failure AGENT_MARKET_DIFFERS when the data are of other symbols; as `loadPolicy`, `readAgent`, `seenMarket`
 */
export async function openAgentDecider(
  files: ArtifactFiles,
  seat: AgentSeat,
): Promise<Decider & { release(): Promise<void> }> {
  const agent = readAgent(files);
  const symbols = artifactJson(files, 'symbols.json') as readonly string[];
  const { source, span, takenOver } = seat;
  if (symbols.join() !== source.features.symbols.join()) {
    const message = `the agent trades ${symbols.join(', ')}; the data are of ${source.features.symbols.join(', ')}`;
    throw new Failure('AGENT_MARKET_DIFFERS', message, { symbols });
  }
  const from = takenOver ? sessionDate(takenOver.from) : span.from;
  const seen = seenMarket(source, artifactJson(files, 'scaler.json') as Scaler, { from, to: span.to });
  const policy = await loadPolicy(readPolicy(files), { kind: agent.agent.kind, ...agent }, seat.inference);
  const seated = new SeatedAgent({ agent, policy, symbols, seen }, takenOver);
  return {
    targetsAt: (decidedAt, account, limits) => seated.targetsAt(decidedAt, account, limits),
    release: () => policy.release(),
  };
}

interface Seated {
  readonly agent: SavedAgent;
  readonly policy: ServedPolicy;
  readonly symbols: readonly string[];
  readonly seen: SeenMarket;
}

class SeatedAgent implements Decider {
  private readonly parts: Seated;
  private readonly rows: ReadonlyMap<SessionDate, number>;
  private takenOver: TakenOver | undefined;
  private trader: { readonly agent: AccountAgent; readonly first: number } | undefined;

  constructor(parts: Seated, takenOver: TakenOver | undefined) {
    this.parts = parts;
    this.rows = new Map(parts.seen.sessions.map((session, row) => [session, row]));
    this.takenOver = takenOver;
  }

  targetsAt(...[decidedAt, account, limits]: Parameters<Decider['targetsAt']>): ReturnType<Decider['targetsAt']> {
    const row = this.rows.get(decidedAt);
    // On a session that lacks a bar or a feature the agent sees nothing; an account without equity is not sized.
    if (row === undefined || !(account.equity > 0)) return undefined;
    const { symbols, seen } = this.parts;
    const takenOver = (this.takenOver ??= { from: decidedAt, worth: account.equity });
    const { agent, first } = (this.trader ??= this.seat(takenOver));
    const kept = keptAccount(account, symbols, seen.market.prices.subarray(row * symbols.length));
    const wanted = agent.wantedShares(row - first, kept);
    const weights = symbols.map((symbol, stock) => ({
      symbol,
      weight: (wanted[stock]! * kept.prices[stock]!) / account.equity,
      standardDeviation: seen.deviations[row * symbols.length + stock]!,
    }));
    const shares = Object.fromEntries(symbols.map((symbol, stock) => [symbol, wanted[stock]!]));
    const sizes = limits.rules && { sizes: explainWeights(weights, limits) };
    return {
      targets: sizeWeights(weights, limits),
      body: {
        takenOver,
        account: { cash: account.cash, shares: account.shares },
        wantedShares: shares,
        weights,
        ...sizes,
      },
    };
  }

  private seat(takenOver: TakenOver): { readonly agent: AccountAgent; readonly first: number } {
    const { agent, policy, seen } = this.parts;
    const first = this.rows.get(sessionDate(takenOver.from));
    if (first === undefined) {
      const message = `the data lack a bar or a feature of ${takenOver.from}, when the agent took the account over`;
      throw new Failure('AGENT_MARKET_DIFFERS', message, { session: takenOver.from });
    }
    const market = laterSessions(seen.market, first);
    return { agent: new AccountAgent(agent, policy, { market, worth: takenOver.worth }), first };
  }
}

/** Prices of the account's own where it has them: a symbol that never traded there is seen at the market's. */
function keptAccount(account: DecidingAccount, symbols: readonly string[], prices: Float64Array): KeptAccount {
  return {
    cash: account.cash,
    shares: Float64Array.from(symbols, (symbol) => account.shares[symbol] ?? 0),
    prices: Float64Array.from(symbols, (symbol, stock) => account.prices[symbol] ?? prices[stock]!),
  };
}

function laterSessions(market: SeenMarket['market'], first: number): SeenMarket['market'] {
  const { sessions, stocks, prices, indicators, turbulence } = market;
  return {
    sessions: sessions - first,
    stocks,
    prices: prices.subarray(first * stocks),
    indicators: indicators.subarray((first * indicators.length) / sessions),
    ...(turbulence && { turbulence: turbulence.subarray(first) }),
  };
}
