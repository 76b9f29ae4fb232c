import { beforeAll, describe, expect, it } from 'vitest';
import { openAgentDecider, type TakenOver } from '#activities/agentDecider.ts';
import { requireOwnOrigin } from '#activities/ownOrigin.ts';
import type { ArtifactFiles } from '#domain/artifact.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { agentFiles } from '#models/agents/agentArtifact.ts';
import { trainTradingAgent } from '#models/agents/tradingAgent.ts';
import type { DecidingAccount } from '#pipelines/decider.ts';
import { computeFeatures, defaultFeatureSpec } from '#pipelines/features.ts';
import { prepareMarkets, type MarketSource } from '#pipelines/tradingMarket.ts';
import { smallAgents, smallTrading } from '#test/unit/models/agents/smallAgents.ts';
import { randomBars, randomBenchmark, weekdays } from '#test/unit/pipelines/randomBars.ts';

const sessions = weekdays(220);
const bars = [randomBars('AAA', sessions, 1), randomBars('BBB', sessions, 2)];
const features = computeFeatures({ bars, benchmark: randomBenchmark(sessions, 3), spec: defaultFeatureSpec });
const source: MarketSource = { features, bars };
const training = { from: sessions[0]!, to: sessions[179]! };
const [from, to] = [sessions[180]!, sessions[219]!];
const limits = { positionFractionMax: 0.5, leverageMax: 1, volatilityTargetFraction: 10, confidenceMin: 0 };
const trading = { ...smallTrading, sharesMax: 10, turbulenceQuantile: null };
const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

let files: ArtifactFiles;
beforeAll(async () => {
  const agent = smallAgents.ppo;
  const cut = { validationFraction: agent.validationFraction, turbulenceQuantile: null, episodeSessions: null };
  const markets = prepareMarkets(source, training, cut);
  const trained = await trainTradingAgent({ spec: agent, trading, markets, clockMs: () => performance.now() });
  const stocks = 2;
  const observationSize = 1 + stocks * (2 + features.names.length);
  const saved = { learner: 'agent', agent, trading, turbulenceThreshold: null, observationSize, stocks } as const;
  files = {
    ...agentFiles(trained, saved),
    'scaler.json': json(markets.scaler),
    'symbols.json': json(markets.symbols),
  };
}, 240_000);

const seat = (span: { readonly from: SessionDate; readonly to: SessionDate }, takenOver?: TakenOver) =>
  openAgentDecider(files, {
    source,
    span,
    inference: { provider: 'cpu', threads: 1 },
    ...(takenOver && { takenOver }),
  });

/** An account of some shares at the closes of a session. */
function holding(row: number, cash: number, held: Readonly<Record<string, number>>): DecidingAccount {
  const prices = Object.fromEntries(bars.map(({ symbol, close }) => [symbol, close[row]!]));
  const worth = Object.entries(held).reduce((sum, [symbol, shares]) => sum + shares * prices[symbol]!, 0);
  return { cash, equity: cash + worth, shares: held, prices };
}

describe('an agent that decides target weights', () => {
  it('decides in a session opened for it alone what it decides in the middle of a backtest', async () => {
    const whole = await seat({ from, to });
    const first = whole.targetsAt(from, holding(180, 10_000, {}), limits)!;
    expect(first.body.takenOver).toEqual({ from, worth: 10_000 });
    const later = { ...holding(200, 4_000, { AAA: 30, BBB: 20 }) };
    const inBacktest = whole.targetsAt(sessions[200]!, later, limits)!;
    const day = { from: sessions[200]!, to: sessions[200]! };
    const live = await seat(day, first.body.takenOver as TakenOver);
    expect(live.targetsAt(sessions[200]!, later, limits)).toEqual(inBacktest);
    // Another who takes the account over only now sees it otherwise.
    const successor = await seat(day);
    const anew = successor.targetsAt(sessions[200]!, later, limits)!;
    expect(anew.body.takenOver).toEqual({ from: sessions[200], worth: later.equity });
    await Promise.all([whole, live, successor].map((one) => one.release()));
  });

  it('wants what it holds and what its orders come to, within the limits, and says what it saw', async () => {
    const agent = await seat({ from, to });
    const account = holding(180, 1_000, { AAA: 40, BBB: 10 });
    const { targets, body } = agent.targetsAt(from, account, limits)!;
    const wanted = body.wantedShares as Readonly<Record<string, number>>;
    for (const [symbol, held] of Object.entries(account.shares)) {
      expect(Math.abs(wanted[symbol]! - held)).toBeLessThanOrEqual(trading.sharesMax * (account.equity / 10_000));
      const weight = (wanted[symbol]! * account.prices[symbol]!) / account.equity;
      expect(targets[symbol]).toBeCloseTo(Math.min(weight, limits.positionFractionMax), 12);
    }
    await agent.release();
  });

  it('decides nothing on a session that lacks a feature, nor for an account worth nothing', async () => {
    const gap = features.values.map((value, at) => {
      return Math.floor(at / features.names.length) % sessions.length === 190 ? Number.NaN : value;
    });
    const inference = { provider: 'cpu', threads: 1 } as const;
    const blind = await openAgentDecider(files, {
      source: { ...source, features: { ...features, values: gap } },
      span: { from, to },
      inference,
    });
    expect(blind.targetsAt(sessions[190]!, holding(190, 10_000, {}), limits)).toBeUndefined();
    expect(blind.targetsAt(sessions[191]!, holding(191, 10_000, {}), limits)).toBeDefined();
    expect(blind.targetsAt(sessions[192]!, holding(192, 0, {}), limits)).toBeUndefined();
    await blind.release();
  });

  it('is refused where the data are of other symbols, or lack the session it began with (AGENT_MARKET_DIFFERS)', async () => {
    const other = { ...source, features: { ...features, symbols: ['AAA', 'CCC'] } };
    const inference = { provider: 'cpu', threads: 1 } as const;
    const differs = expect.objectContaining({ code: 'AGENT_MARKET_DIFFERS' });
    await expect(openAgentDecider(files, { source: other, span: { from, to }, inference })).rejects.toEqual(differs);
    const late = await seat({ from: to, to }, { from: '2019-01-01', worth: 10_000 });
    expect(() => late.targetsAt(to, holding(219, 10_000, {}), limits)).toThrow(differs);
    await late.release();
  });
});

describe('what an agent learnt from', () => {
  it('must be nothing but its own training part (AGENT_ORIGIN_UNPROVEN)', () => {
    const artifact = (origin: object): ArtifactFiles => ({ ...files, 'manifest.json': json({ spec: origin }) });
    expect(() => requireOwnOrigin(artifact({ forecaster: null, beginWith: null }))).not.toThrow();
    const unproven = expect.objectContaining({ code: 'AGENT_ORIGIN_UNPROVEN' });
    expect(() => requireOwnOrigin(artifact({ forecaster: 'a'.repeat(64), beginWith: null }))).toThrow(unproven);
    expect(() => requireOwnOrigin(artifact({ forecaster: null, beginWith: 'b'.repeat(64) }))).toThrow(unproven);
    const forecaster = { 'spec.json': json({ training: { kind: 'cnn-lstm' } }) };
    expect(() => requireOwnOrigin(forecaster)).not.toThrow();
  });
});
