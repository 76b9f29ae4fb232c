import type { SessionPlan } from '#activities/tradingPlan.ts';
import { barsBetween, type DailyBars } from '#domain/bars.ts';
import type { CostRates } from '#domain/costs.ts';
import { impliedDividends } from '#domain/dividends.ts';
import { moneyFromDollars, type Money } from '#domain/money.ts';
import { sessionDate, type SessionDate } from '#domain/sessionDate.ts';
import { equalWeights } from '#domain/sizing.ts';
import { preTradeLimitsOf, rebalanceRulesOf, type TradingLimits } from '#domain/tradingTerms.ts';
import { standardWaits } from '#domain/tradingWaits.ts';
import { guardTermsOf } from '#infra/configuration/guardTerms.ts';
import { resolveSettings } from '#infra/configuration/resolveSettings.ts';
import { readStockBars } from '#infra/sample/sampleFiles.ts';
import { layOutMarket } from '#pipelines/backtest/barMarket.ts';
import { playStrategy, type BacktestResult } from '#pipelines/backtest/playStrategy.ts';
import { targetWeights } from '#pipelines/backtest/targetWeights.ts';

/** What an account holds once a session has closed. */
export interface Close {
  readonly session: string;
  readonly cash: Money;
  readonly equity: Money;
  readonly positions: Readonly<Record<string, number>>;
}

/** Symbols of equal weight by session: Apple splits before 31 August 2020, Nvidia pays a dividend on 1 September. */
export const baskets: Readonly<Record<string, readonly string[]>> = {
  '2020-08-25': ['AAPL', 'AMZN', 'GOOG', 'META', 'NFLX', 'NVDA'],
  // Two halves, each cut to what the limit of a position leaves; the sales of the others meet their volume.
  '2020-08-26': ['AAPL', 'NVDA'],
  '2020-08-27': ['AAPL', 'GOOG', 'NFLX', 'NVDA'],
  // One that is listed on the day has no price yet: it waits, and the others are traded.
  '2020-08-28': ['AAPL', 'AMZN', 'GOOG', 'LISTED', 'META', 'NFLX', 'NVDA'],
  '2020-08-31': ['AAPL', 'AMZN', 'GOOG', 'META', 'NFLX', 'NVDA'],
  '2020-09-01': ['AAPL', 'AMZN', 'GOOG', 'META', 'NFLX', 'NVDA'],
  '2020-09-02': ['META', 'NFLX'],
  // A fall of four percent: the account is reducing from its close on, and the day after adds nothing.
  '2020-09-03': ['META', 'NFLX'],
  '2020-09-04': ['GOOG', 'META', 'NFLX'],
};

const first = sessionDate('2020-08-24');
const last = sessionDate('2020-09-04');
const splitOfApple = { session: sessionDate('2020-08-31'), ratio: 4 } as const;

/** What both sides charge and allow. */
export const venue = {
  participationFraction: 4e-6,
  rates: { halfSpreadBasisPoints: 1.5, commissionBasisPoints: 0.3, schedule: 'ibkr-fixed' } satisfies CostRates,
} as const;

/** Settings of both sides: an account reduces over a drawdown of two percent. */
export const environment = { PLIMSOLL_TRADING__LIMITS__DRAWDOWN_REDUCE_FRACTION: '0.02' } as const;

/** The limits that every order of a session meets: Amazon may not be traded on 2 September. */
function limitsOn(session: string): TradingLimits {
  return {
    positionFractionMax: 0.35,
    leverageMax: 1,
    volatilityTargetFraction: 0.15,
    confidenceMin: 0,
    orderNotionalMaxDollars: 60_000,
    ordersPerSessionMax: 20,
    restrictedSymbols: session === '2020-09-02' ? ['AMZN'] : [],
  };
}

/** A day of an account as its session is asked for. */
export function planOf(account: string, session: string): SessionPlan {
  return {
    account,
    session,
    strategy: 'parity',
    targets: { kind: 'equalWeight', symbols: baskets[session]! },
    limits: limitsOn(session),
    waits: { ...standardWaits.session, orders: { pollMs: 200, settleMs: 2_000 } },
  };
}

/**
 * The days as they were printed, out of the packaged sample: its prices are adjusted for splits, and Apple's before its
 * split are taken back to the shares of their day.
 */
export async function printedDays(samplePath: string): Promise<readonly DailyBars[]> {
  const days = (await readStockBars(samplePath)).map((bars) => printedDaysOf(bars));
  const amazon = days.find(({ symbol }) => symbol === 'AMZN')!;
  // Nothing of the sample is listed within the days: Amazon's bars from the fourth on stand for such a symbol.
  return [...days, { ...barsBetween(amazon, sessionDate('2020-08-28'), last), symbol: 'LISTED' }];
}

function printedDaysOf(bars: DailyBars): DailyBars {
  const rows = [...bars.sessions.keys()].filter((row) => bars.sessions[row]! >= first && bars.sessions[row]! <= last);
  const sessions = rows.map((row) => bars.sessions[row]!);
  const dividends = impliedDividends(bars);
  const splits = bars.symbol === 'AAPL';
  const oldShare = (session: SessionDate): number =>
    splits && session < splitOfApple.session ? splitOfApple.ratio : 1;
  const column = (from: Float64Array): Float64Array => Float64Array.from(rows, (row) => from[row]!);
  const printed = (from: Float64Array): Float64Array =>
    column(from).map((price, row) => price * oldShare(sessions[row]!));
  return {
    symbol: bars.symbol,
    sessions,
    open: printed(bars.open),
    high: printed(bars.high),
    low: printed(bars.low),
    close: printed(bars.close),
    volume: column(bars.volume).map((volume, row) => volume / oldShare(sessions[row]!)),
    adjustedClose: column(bars.adjustedClose),
    actions: {
      dividend: Float64Array.from(sessions, (session) => dividends.get(session) ?? 0),
      splitRatio: Float64Array.from(sessions, (session) =>
        splits && session === splitOfApple.session ? splitOfApple.ratio : 1,
      ),
    },
  };
}

/** The same days as the paper exchange reads them. */
export function recordingOf(days: readonly DailyBars[]): string {
  const rows = days.flatMap(({ symbol, sessions, actions, ...bars }) =>
    sessions.map((session, row) => {
      const { open, high, low, close, volume, adjustedClose } = bars;
      const figures = [open, high, low, close, volume, adjustedClose].map((column) => column[row]!);
      const ratio = actions?.splitRatio[row] ?? 1;
      return [symbol, session, ...figures, ratio === 1 ? '' : `${ratio}/1`].join(',');
    }),
  );
  return `${['symbol,date,open,high,low,close,volume,adjusted,split', ...rows].join('\n')}\n`;
}

/** The days through the event core, with what it holds at each close. */
export function playDays(days: readonly DailyBars[]): {
  readonly played: BacktestResult;
  readonly closes: readonly Close[];
} {
  const closes: Close[] = [];
  const played = playStrategy({
    market: layOutMarket({ bars: days, sessions: Object.keys(baskets).map(sessionDate), dividends: 'credited' }),
    strategy: {
      ...targetWeights(({ session }) => equalWeights(baskets[session]!), rebalanceRulesOf(limitsOn(last))),
      afterClose: (desk) => {
        const held = desk.symbols.map((symbol, place) => [symbol, desk.held(place)] as const);
        const positions = Object.fromEntries(held.filter(([, quantity]) => quantity !== 0));
        closes.push({ session: desk.session, cash: desk.cash, equity: desk.equity, positions });
      },
    },
    // As the house opens its accounts.
    cash: moneyFromDollars(100_000),
    ...venue,
    // The exchange nets an auction and has a margin account's buying power.
    funding: { kind: 'margin', leverageMax: 2, financingBasisPoints: 0, borrowBasisPoints: 0 },
    risk: {
      limits: preTradeLimitsOf(limitsOn(last)),
      limitsBefore: (session) => preTradeLimitsOf(limitsOn(session)),
      breaker: guardTermsOf(resolveSettings({ environment }).trading).profile,
      restartAfterSessions: null,
    },
  });
  return { played, closes };
}
