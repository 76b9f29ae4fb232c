import { Failure } from '#domain/failure.ts';
import { StockAccount } from '../environment/stockAccount.ts';
import type { StockMarket } from '../environment/stockMarket.ts';
import { Observer } from '../environment/stockObservation.ts';
import type { TradingRules } from '../environment/stockTrading.ts';
import type { SavedAgent } from './agentArtifact.ts';
import type { ServedPolicy } from './agentPolicy.ts';
import { tradingRules } from './tradingRules.ts';

/** An account that is kept elsewhere, in the order of the market's stocks. */
export interface KeptAccount {
  /** Dollars. */
  readonly cash: number;
  /** Shape [stocks], whole. */
  readonly shares: Float64Array;
  /** Dollars a share, shape [stocks]; those of the market but for dividends it adjusts for. */
  readonly prices: Float64Array;
}

/** Since when an agent trades an account. */
export interface AgentEpisode {
  /** What the market begins with: the session at whose close the agent first decided. */
  readonly market: StockMarket;
  /** Dollars that the account was worth then. */
  readonly worth: number;
}

/**
 * An agent that trades an account of any size, as it would trade one of its environment. An episode begins when it takes
 * the account over: what that was worth is its first cash, prices are seen as fractions of the closes of that session, and
 * an order is as large for the account as `sharesMax` was for the first cash it was trained with.
 */
export class AccountAgent {
  private readonly policy: Pick<ServedPolicy, 'orders'>;
  private readonly market: StockMarket;
  private readonly rules: TradingRules;
  private readonly observer: Observer;
  private readonly account: StockAccount;

  constructor(
    { trading, turbulenceThreshold }: Pick<SavedAgent, 'trading' | 'turbulenceThreshold'>,
    policy: Pick<ServedPolicy, 'orders'>,
    { market, worth }: AgentEpisode,
  ) {
    const size = worth / trading.initialCash;
    const rules = tradingRules(trading, { environments: 1, turbulenceThreshold });
    this.rules = { ...rules, initialCash: worth, sharesMax: trading.sharesMax * size };
    this.policy = policy;
    this.market = market;
    this.observer = new Observer(market, this.rules);
    this.account = new StockAccount(market.stocks, this.rules);
  }

  /** What the agent sees of the account at a session of the market, shape [observationSize]. */
  observe(session: number, { cash, shares, prices }: KeptAccount): Float32Array {
    // The market's prices may be adjusted for dividends since paid: as many more shares are worth the same at them.
    const adjusted = shares.map((held, stock) => held * (prices[stock]! / this.priceOf(session, stock)));
    this.account.restore([cash, 0, 0, ...adjusted]);
    const observation = new Float32Array(this.observer.size);
    this.observer.write(this.account, session, observation);
    return observation;
  }

  /**
   * Shares the agent would hold after its orders at a session's close, shape [stocks]: the cash, the costs and the rules
   * of its environment decide what its orders come to. The action is the policy's own, without chance.
   * @throws Failure FORECAST_NOT_FINITE when what it sees or orders is not finite
   */
  wantedShares(session: number, kept: KeptAccount): Float64Array {
    const observation = this.observe(session, kept);
    const orders = this.policy.orders(observation);
    if (!observation.every(Number.isFinite) || !orders.every(Number.isFinite)) {
      throw new Failure('FORECAST_NOT_FINITE', `what the agent sees or orders at session ${session} is not finite`, {
        session,
      });
    }
    this.account.restore([kept.cash, 0, 0, ...kept.shares]);
    this.account.value(kept.prices);
    this.account.trade(orders, kept.prices, this.isTurbulent(session));
    return this.account.shares.slice();
  }

  /** As in the environment, an episode's first session is calm. */
  private isTurbulent(session: number): boolean {
    const { turbulence } = this.market;
    const { turbulenceThreshold } = this.rules;
    if (turbulence === undefined || turbulenceThreshold === undefined || session === 0) return false;
    return turbulence[session]! >= turbulenceThreshold;
  }

  private priceOf(session: number, stock: number): number {
    return this.market.prices[session * this.market.stocks + stock]!;
  }
}
