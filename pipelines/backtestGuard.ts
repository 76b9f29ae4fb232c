import { weighBreaker, type BreakerProfile, type BreakerState } from '#domain/breaker.ts';
import type { PreTradeLimits } from '#domain/preTradeLimits.ts';
import { money, type Money, type Shares } from '#domain/money.ts';
import { lossStreak, playFills, type PositionFill, type RoundTrip } from '#domain/positions.ts';
import { restartedFrom } from '#domain/restart.ts';
import type { SessionDate } from '#domain/sessionDate.ts';

/** What an account is held to while it is played: the limits and the breaker of the account that would trade. */
export interface RiskRules {
  readonly limits: PreTradeLimits;
  /** Those of one session, where they depend on the market; absent: always the same. */
  readonly limitsBefore?: (session: SessionDate) => PreTradeLimits;
  readonly breaker: BreakerProfile;
  /**
   * Whole sessions after the trading state last became stricter until two people are taken to have restarted the
   * account; null: nobody ever does. No rule brings an account back, so a backtest has to assume what people do.
   */
  readonly restartAfterSessions: number | null;
}

/** A change of the trading state; plain JSON. */
export interface StateChange {
  readonly session: SessionDate;
  /** `beforeOpen` is a restart; the breaker weighs after the opening auction and at the close. */
  readonly at: 'beforeOpen' | 'open' | 'close';
  readonly to: BreakerState;
  /** Which rule, with its figure. */
  readonly reason: string;
}

/**
 * Keeps the trading state of a played account as `guardAccount` keeps that of a traded one: the same breaker weighs the
 * same figures after the opening auction and at the close, and the state becomes laxer by a restart only.
 */
export class BacktestGuard {
  private current: BreakerState = 'active';
  private readonly rules: RiskRules;
  private highWaterMark: Money;
  private sessionsSinceChange = 0;
  /** Of the trips closed since the last restart, oldest first. */
  private roundTrips: RoundTrip[] = [];
  /** By symbol, since it was last flat. */
  private readonly openFills = new Map<string, PositionFill[]>();
  private readonly noted: StateChange[] = [];

  /** @param cash what the account opens with: its first high-water mark */
  constructor(rules: RiskRules, cash: Money) {
    this.rules = rules;
    this.highWaterMark = cash;
  }

  /** The trading state now. */
  get state(): BreakerState {
    return this.current;
  }

  /** The most the account was worth at a close since it opened or was restarted. */
  get highWater(): Money {
    return this.highWaterMark;
  }

  /** Every change of the state, oldest first. */
  get changes(): readonly StateChange[] {
    return this.noted;
  }

  /** A session begins: people restart the account when its time is up. */
  begin(session: SessionDate, equity: Money): void {
    if (this.current === 'active') return;
    const { restartAfterSessions } = this.rules;
    if (restartAfterSessions === null || this.sessionsSinceChange < restartAfterSessions) {
      this.sessionsSinceChange += 1;
      return;
    }
    const { state, highWaterMark } = restartedFrom(equity);
    this.highWaterMark = highWaterMark;
    this.roundTrips = [];
    this.change({ session, at: 'beforeOpen', to: state, reason: 'restarted by two people' });
  }

  /** Takes a fill and what is held after it; one that leaves nothing closes a round trip. */
  take(fill: PositionFill, held: Shares): void {
    const fills = this.openFills.get(fill.symbol) ?? [];
    fills.push(fill);
    this.openFills.set(fill.symbol, held === 0 ? [] : fills);
    if (held === 0) this.roundTrips.push(...playFills(fills).roundTrips);
  }

  /** Weighs the account as it stands; the state only becomes stricter here. At the close the high-water mark moves. */
  weigh(seen: {
    readonly session: SessionDate;
    readonly at: 'open' | 'close';
    readonly equity: Money;
    /** At the close before. */
    readonly dayOpenEquity: Money;
  }): void {
    const { session, at, equity, dayOpenEquity } = seen;
    const highWaterMark = money(Math.max(this.highWaterMark, equity));
    const { state, triggers } = weighBreaker(
      {
        state: this.current,
        equity,
        dayOpenEquity,
        highWaterMark,
        lossStreak: lossStreak(this.roundTrips),
        errors: 0,
      },
      this.rules.breaker,
    );
    if (state !== this.current) {
      this.change({ session, at, to: state, reason: triggers.map(({ text }) => text).join('; ') });
    }
    if (at === 'close') this.highWaterMark = highWaterMark;
  }

  private change(change: StateChange): void {
    this.current = change.to;
    this.sessionsSinceChange = 0;
    this.noted.push(change);
  }
}
