/** Trading states from laxest to strictest. */
export const tradingStates = ['active', 'reducing', 'halted'] as const;

/** Trading state of an account. */
export type BreakerState = (typeof tradingStates)[number];

/** Levels at which an account is reduced or halted; fractions of equity. */
export interface BreakerProfile {
  readonly drawdownReduceFraction: number;
  readonly drawdownHaltFraction: number;
  readonly dailyLossHaltFraction: number;
  /** Losing round trips in a row. */
  readonly lossStreakHalt: number;
  /** System errors in one session. */
  readonly errorsHalt: number;
  /** Age of market data over which an account that is open to the market is halted. */
  readonly dataAgeHaltMs: number;
}

/** The two profiles of the ladder. */
export const breakerProfiles = {
  standard: {
    drawdownReduceFraction: 0.07,
    drawdownHaltFraction: 0.1,
    dailyLossHaltFraction: 0.05,
    lossStreakHalt: 5,
    errorsHalt: 5,
    dataAgeHaltMs: 900_000,
  },
  conservative: {
    drawdownReduceFraction: 0.014,
    drawdownHaltFraction: 0.02,
    dailyLossHaltFraction: 0.05,
    lossStreakHalt: 5,
    errorsHalt: 5,
    dataAgeHaltMs: 900_000,
  },
} as const satisfies Readonly<Record<string, BreakerProfile>>;

/** What the breaker weighs. Amounts share one unit; equity excludes deposits and withdrawals. */
export interface BreakerFigures {
  readonly state: BreakerState;
  readonly equity: number;
  /** Equity at the close before the session. */
  readonly dayOpenEquity: number;
  readonly highWaterMark: number;
  readonly lossStreak: number;
  readonly errors: number;
  /** Age of the newest market data by the venue's clock; left out where nothing is streamed, as before the open. */
  readonly dataAgeMs?: number;
  /** Differences between our book and the broker's; left out where they were not compared. */
  readonly differences?: number;
}

/** One reason to become stricter. */
export interface BreakerTrigger {
  readonly rule: 'drawdown' | 'dailyLoss' | 'lossStreak' | 'systemErrors' | 'staleData' | 'brokerDisagrees';
  readonly to: Exclude<BreakerState, 'active'>;
  readonly text: string;
}

/**
 * The state after weighing, never laxer than before, with every trigger that fired.
 * Fractions and ages trigger when over their level, counts when they reach it.
 * @throws RangeError when a figure is not finite, or the profile reduces at or over its halt
 */
export function weighBreaker(
  figures: BreakerFigures,
  profile: BreakerProfile,
): { readonly state: BreakerState; readonly triggers: readonly BreakerTrigger[] } {
  checkProfile(profile);
  const { equity, dayOpenEquity, highWaterMark, lossStreak, errors, dataAgeMs = 0, differences = 0 } = figures;
  if (![equity, dayOpenEquity, highWaterMark, lossStreak, errors, dataAgeMs, differences].every(Number.isFinite)) {
    throw new RangeError('the breaker weighs finite figures only');
  }
  const triggers = [
    ...lossTriggers(figures, profile),
    ...systemTriggers({ ...figures, dataAgeMs, differences }, profile),
  ];
  return { state: triggers.reduce((state, { to }) => stricter(state, to), figures.state), triggers };
}

function lossTriggers(figures: BreakerFigures, profile: BreakerProfile): readonly BreakerTrigger[] {
  const triggers: BreakerTrigger[] = [];
  const { drawdownFraction: drawdown, dailyLossFraction: dailyLoss } = lossesOf(figures);
  if (drawdown > profile.drawdownReduceFraction) {
    const to = drawdown > profile.drawdownHaltFraction ? 'halted' : 'reducing';
    triggers.push({ rule: 'drawdown', to, text: `drawdown ${asPercent(drawdown)}` });
  }
  if (dailyLoss > profile.dailyLossHaltFraction) {
    triggers.push({ rule: 'dailyLoss', to: 'halted', text: `daily loss ${asPercent(dailyLoss)}` });
  }
  if (figures.lossStreak >= profile.lossStreakHalt) {
    triggers.push({ rule: 'lossStreak', to: 'halted', text: `${figures.lossStreak} losing trades in a row` });
  }
  return triggers;
}

function systemTriggers(
  { errors, dataAgeMs, differences }: Required<Pick<BreakerFigures, 'errors' | 'dataAgeMs' | 'differences'>>,
  profile: BreakerProfile,
): readonly BreakerTrigger[] {
  const triggers: BreakerTrigger[] = [];
  if (errors >= profile.errorsHalt) {
    triggers.push({ rule: 'systemErrors', to: 'halted', text: `${errors} system errors in the session` });
  }
  if (dataAgeMs > profile.dataAgeHaltMs) {
    triggers.push({ rule: 'staleData', to: 'halted', text: `market data ${Math.round(dataAgeMs / 1_000)} s old` });
  }
  if (differences > 0) {
    triggers.push({ rule: 'brokerDisagrees', to: 'halted', text: `${differences} differences from the broker` });
  }
  return triggers;
}

/** Losses of an account; fractions, 0 where there is a gain. */
export interface Losses {
  /** From the high-water mark. */
  readonly drawdownFraction: number;
  /** From the close before the session. */
  readonly dailyLossFraction: number;
}

/** What an account has lost, by the figures that the breaker weighs. */
export function lossesOf({
  equity,
  dayOpenEquity,
  highWaterMark,
}: Pick<BreakerFigures, 'equity' | 'dayOpenEquity' | 'highWaterMark'>): Losses {
  return {
    drawdownFraction: lossFraction(highWaterMark, equity),
    dailyLossFraction: lossFraction(dayOpenEquity, equity),
  };
}

/** The stricter of two states. */
export function stricter(a: BreakerState, b: BreakerState): BreakerState {
  return tradingStates.indexOf(a) >= tradingStates.indexOf(b) ? a : b;
}

/**
 * Refuses a ladder that cannot be climbed step by step.
 * @throws RangeError when the reduce level is at or over the halt level, or a level is not positive
 */
export function checkProfile(profile: BreakerProfile): void {
  if (!Object.values(profile).every((level) => Number.isFinite(level) && level > 0)) {
    throw new RangeError('every level of a breaker profile is a positive number');
  }
  if (profile.drawdownReduceFraction >= profile.drawdownHaltFraction) {
    throw new RangeError('an account must reduce before it halts: drawdownReduceFraction < drawdownHaltFraction');
  }
}

/** Loss from a reference, a fraction of it; 0 where there is a gain. A reference that is not positive is a total loss. */
function lossFraction(reference: number, now: number): number {
  return reference > 0 ? Math.max(0, (reference - now) / reference) : now < reference ? 1 : 0;
}

function asPercent(fraction: number): string {
  return `${(fraction * 100).toFixed(2)} %`;
}
