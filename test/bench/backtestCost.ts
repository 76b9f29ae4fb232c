import type { DailyBars } from '#domain/bars.ts';
import { breakerProfiles, type BreakerProfile } from '#domain/breaker.ts';
import { moneyFromDollars } from '#domain/money.ts';
import { layOutMarket } from '#pipelines/backtest/barMarket.ts';
import { playStrategy } from '#pipelines/backtest/playStrategy.ts';
import { targetWeights } from '#pipelines/backtest/targetWeights.ts';
import { crossByEvents, crossingBars } from './backtestCases.ts';
import { rounded } from './figures.ts';

/** What a bar costs the event core in processor time, in one case. */
export interface CostLine {
  readonly name: string;
  /** Least of the rounds: other work on the machine can only add to it. */
  readonly ours: number;
  readonly unit: 'ns of processor/bar';
  readonly symbols: number;
  readonly sessions: number;
  readonly bars: number;
  readonly fills: number;
  /** Nanoseconds of processor time a bar, a round each. */
  readonly passes: readonly number[];
}

/** How far the costs of a bar lie apart over all cases: 1 where they are the same. */
export interface CostSpread {
  readonly name: string;
  /** Dearest bar over cheapest one. */
  readonly ours: number;
  readonly unit: 'dearest/cheapest';
}

/** Plays bars; answers the number of fills. */
type Play = (bars: readonly DailyBars[]) => number;

const plays: Readonly<Record<string, Play>> = {
  crossing: (bars) => crossByEvents(bars).fills,
  limits: (bars) => rebalanceUnderLimits(bars),
};

// Small cases are played as often as makes this many bars, so that each pass is long enough to be measured.
const barsAPass = 250_000;

const symbolCounts = [50, 200, 500] as const;
const sessionCounts = [1_250, 2_500, 5_000] as const;

/**
 * Plays every number of symbols over every number of sessions, in turns and in another order each round, by processor
 * time: what one bar costs must depend on neither.
 * @param file of returns, as `crossingBars` reads it
 */
export function measureCost(file: string, rounds: number): readonly (CostLine | CostSpread)[] {
  const cases = Object.keys(plays).flatMap((play) =>
    symbolCounts.flatMap((symbols) =>
      sessionCounts.map((sessions) => ({ play, symbols, sessions, fills: 0, passes: [] as number[] })),
    ),
  );
  for (let round = -1; round < rounds; round += 1) {
    for (const one of round % 2 === 0 ? cases : cases.toReversed()) {
      const { symbols, sessions } = one;
      const bars = crossingBars(file, symbols, sessions);
      const times = Math.ceil(barsAPass / (symbols * sessions));
      const used = process.cpuUsage();
      for (let time = 0; time < times; time += 1) one.fills = plays[one.play]!(bars);
      const { user, system } = process.cpuUsage(used);
      // The first round is not counted: code is compiled in it.
      if (round >= 0) one.passes.push(((user + system) * 1_000) / (symbols * sessions * times));
    }
  }
  return Object.keys(plays).flatMap((play) => {
    const lines = cases.filter((one) => one.play === play).map(lineOf);
    const costs = lines.map(({ ours }) => ours);
    const spread = rounded(Math.max(...costs) / Math.min(...costs));
    return [...lines, { name: `backtest/cost/${play}`, ours: spread, unit: 'dearest/cheapest' as const }];
  });
}

function lineOf(one: {
  readonly play: string;
  readonly symbols: number;
  readonly sessions: number;
  readonly fills: number;
  readonly passes: readonly number[];
}): CostLine {
  const { play, symbols, sessions, fills, passes } = one;
  return {
    name: `backtest/cost/${play}/${symbols}x${sessions}`,
    ours: Math.round(Math.min(...passes)),
    unit: 'ns of processor/bar',
    symbols,
    sessions,
    bars: symbols * sessions,
    fills,
    passes: passes.map(Math.round),
  };
}

// Levels that no market of the file comes to, so that every case trades as often; the breaker weighs all the same.
const breaker: BreakerProfile = {
  ...breakerProfiles.standard,
  drawdownReduceFraction: 0.98,
  drawdownHaltFraction: 0.99,
  dailyLossHaltFraction: 0.99,
  lossStreakHalt: 1_000_000,
};

/** Half of the symbols each month, the other half the next, every order held against limits and breaker. */
function rebalanceUnderLimits(bars: readonly DailyBars[]): number {
  const rules = { noTradeFraction: 0, cashBufferFraction: 0.02 };
  let session = -1;
  const strategy = targetWeights(({ symbols }) => {
    session += 1;
    if (session % 21 !== 0) return undefined;
    const held = symbols.filter((_, place) => place % 2 === (session / 21) % 2);
    return Object.fromEntries(held.map((symbol) => [symbol, 1 / held.length]));
  }, rules);
  const { trades } = playStrategy({
    market: layOutMarket({ bars, dividends: 'ignored' }),
    strategy,
    cash: moneyFromDollars(100_000_000),
    rates: { halfSpreadBasisPoints: 1, commissionBasisPoints: 1 },
    risk: {
      limits: {
        orderNotionalMax: moneyFromDollars(100_000_000),
        positionFractionMax: 0.1,
        leverageMax: 1,
        ordersPerSessionMax: 1_000,
        priceCollarFraction: 0.2,
        restricted: [],
      },
      breaker,
      restartAfterSessions: null,
    },
  });
  return trades;
}
