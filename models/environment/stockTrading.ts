import { RandomSource } from '../randomSource.ts';
import {
  emptyOutcome,
  requireActions,
  type ActionSpace,
  type EnvironmentState,
  type StepOutcome,
  type VectorEnvironment,
} from './environment.ts';
import { Observer } from './stockObservation.ts';
import { requireMarket, type StockMarket } from './stockMarket.ts';
import { StockAccount } from './stockAccount.ts';

/** The rules of trading in the environment. */
export interface TradingRules {
  readonly environments: number;
  /** Dollars an episode begins with. */
  readonly initialCash: number;
  /** Shares of a stock that an action of 1 buys and one of -1 sells. */
  readonly sharesMax: number;
  /** Of the traded value. */
  readonly buyCostFraction: number;
  readonly sellCostFraction: number;
  /** What a stock may be of cash and holdings when more of it is bought; without, no stock is held to a limit. */
  readonly holdingFractionMax?: number;
  /** Reward for a dollar gained. */
  readonly rewardScale: number;
  /** From this turbulence on nothing is bought and everything is sold; without, turbulence is not looked at. */
  readonly turbulenceThreshold?: number;
  /** `raw`: dollars and shares, as FinRL; `scaled`: fractions of the first cash and of each stock's first price. */
  readonly observation: 'raw' | 'scaled';
  /** Sessions of an episode, begun at random; without, an episode is the whole market from its first session. */
  readonly episodeSessions?: number;
}

/**
 * FinRL's stock trading environment (Liu et al. 2020, `StockTradingEnv` of FinRL 0.3.7), many accounts at once: whole
 * shares, long only, sells before buys, the largest first, at the session's close; the reward is the change of cash and
 * holdings until the next close.
 *
 * It departs from FinRL where FinRL is accidental: among equal orders the stock of the lower index sells first and buys
 * last; a share less is bought where rounding would leave less than no cash; an indicator of exactly 1 does not forbid
 * trading; an episode ends, cut off, with the step that reaches the last session, and not one empty step later.
 */
export class StockTradingEnvironment implements VectorEnvironment {
  readonly environments: number;
  readonly observationSize: number;
  readonly actions: ActionSpace;
  readonly observations: Float32Array;
  /** Cash, holdings, costs and trades of each environment. */
  readonly accounts: readonly StockAccount[];
  private readonly market: StockMarket;
  private readonly rules: TradingRules;
  private readonly observer: Observer;
  private readonly outcome: StepOutcome;
  private readonly random = new RandomSource(0, 0);
  private readonly session: Int32Array;
  private readonly firstSession: Int32Array;

  /** @throws what `requireMarket` throws; RangeError when an episode is longer than the market, or a rule is no number */
  constructor(market: StockMarket, rules: TradingRules) {
    requireMarket(market);
    requireRules(market, rules);
    this.market = market;
    this.rules = rules;
    this.environments = rules.environments;
    this.observer = new Observer(market, rules);
    this.observationSize = this.observer.size;
    this.actions = { kind: 'continuous', size: market.stocks };
    this.observations = new Float32Array(this.environments * this.observationSize);
    this.outcome = emptyOutcome(this.environments, this.observationSize);
    this.session = new Int32Array(this.environments);
    this.firstSession = new Int32Array(this.environments);
    this.accounts = Array.from({ length: this.environments }, () => new StockAccount(market.stocks, rules));
    this.reset(0);
  }

  reset(seed: number): void {
    this.random.restore(new RandomSource(seed, 0).state());
    for (let at = 0; at < this.environments; at += 1) this.begin(at);
  }

  step(actions: Float32Array): StepOutcome {
    requireActions(actions, this.environments, this.actions);
    const { stocks } = this.market;
    for (let at = 0; at < this.environments; at += 1) {
      const own = actions.subarray(at * stocks, (at + 1) * stocks);
      this.outcome.rewards[at] = this.stepOne(at, own);
    }
    return this.outcome;
  }

  save(): EnvironmentState {
    return {
      random: this.random.state(),
      session: [...this.session],
      firstSession: [...this.firstSession],
      accounts: this.accounts.flatMap((account) => account.save()),
    };
  }

  restore({ random, session, firstSession, accounts }: EnvironmentState): void {
    this.random.restore(random!);
    this.session.set(session!);
    this.firstSession.set(firstSession!);
    const size = accounts!.length / this.environments;
    for (const [at, account] of this.accounts.entries()) {
      account.restore(accounts!.slice(at * size, (at + 1) * size));
      account.value(this.pricesOf(at));
      this.observe(at, this.observations);
    }
  }

  private stepOne(at: number, actions: Float32Array): number {
    const { rules, outcome, observationSize } = this;
    const account = this.accounts[at]!;
    const before = account.assets;
    account.trade(actions, this.pricesOf(at), this.isTurbulent(at));
    this.session[at]! += 1;
    const gained = account.value(this.pricesOf(at)) - before;
    this.observe(at, outcome.reached);
    const begun = this.session[at]! - this.firstSession[at]!;
    const isOver = begun === (rules.episodeSessions ?? this.market.sessions) - 1;
    outcome.truncated[at] = isOver ? 1 : 0;
    const place = at * observationSize;
    if (isOver) this.begin(at);
    else this.observations.set(outcome.reached.subarray(place, place + observationSize), place);
    return gained * rules.rewardScale;
  }

  private begin(at: number): void {
    const { sessions } = this.market;
    const { episodeSessions = sessions } = this.rules;
    const first = episodeSessions === sessions ? 0 : this.random.integer(sessions - episodeSessions + 1);
    this.session[at] = first;
    this.firstSession[at] = first;
    this.accounts[at]!.open();
    this.observe(at, this.observations);
  }

  /** An episode's first session is calm, whatever the market says, as in FinRL. */
  private isTurbulent(at: number): boolean {
    const { turbulence } = this.market;
    const { turbulenceThreshold } = this.rules;
    if (turbulence === undefined || turbulenceThreshold === undefined) return false;
    const isFirst = this.session[at] === this.firstSession[at];
    return (isFirst ? 0 : turbulence[this.session[at]!]!) >= turbulenceThreshold;
  }

  private pricesOf(at: number): Float64Array {
    const { prices, stocks } = this.market;
    const session = this.session[at]!;
    return prices.subarray(session * stocks, (session + 1) * stocks);
  }

  private observe(at: number, into: Float32Array): void {
    this.observer.write(this.accounts[at]!, this.session[at]!, into.subarray(at * this.observationSize));
  }
}

function requireRules({ sessions, turbulence }: StockMarket, rules: TradingRules): void {
  const { environments, initialCash, sharesMax, buyCostFraction, sellCostFraction, episodeSessions = sessions } = rules;
  const { holdingFractionMax = 1 } = rules;
  const holds = {
    environments: Number.isSafeInteger(environments) && environments > 0,
    initialCash: initialCash > 0 && initialCash < Infinity,
    sharesMax: Number.isSafeInteger(sharesMax) && sharesMax > 0,
    buyCostFraction: buyCostFraction >= 0 && buyCostFraction < 1,
    sellCostFraction: sellCostFraction >= 0 && sellCostFraction < 1,
    holdingFractionMax: holdingFractionMax > 0 && holdingFractionMax <= 1,
    rewardScale: rules.rewardScale > 0 && rules.rewardScale < Infinity,
    turbulenceThreshold: rules.turbulenceThreshold === undefined || turbulence !== undefined,
    episodeSessions: Number.isSafeInteger(episodeSessions) && episodeSessions > 1 && episodeSessions <= sessions,
  };
  const broken = Object.entries(holds).find(([, isHeld]) => !isHeld);
  if (broken) throw new RangeError(`the rules of trading cannot have this ${broken[0]}`);
}
