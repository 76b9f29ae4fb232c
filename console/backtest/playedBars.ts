import type { ActionColumns, DailyBars } from '#domain/bars.ts';
import { Failure } from '#domain/failure.ts';
import { sessionDate, type SessionDate } from '#domain/sessionDate.ts';
import { adjustedNames, dividendNames, splitNames } from '#infra/fileDrop/actionNames.ts';
import { readBarFile, type BarColumn, type FileBars } from '#infra/fileDrop/barFile.ts';

/** Vendors' rounding leaves the extremes a hair inside open or close. */
const slackFraction = 1e-4;

/**
 * Daily bars of a file to play on. Prices are taken as they are: raw where a column tells dividends (dollars a share) or
 * splits (new shares for an old one; 0 and 1 are none), else adjusted for splits. An adjusted close tells the dividends
 * where no column does.
 * @throws Failure BACKTEST_BARS_INVALID for a column or time that is missing, a price that is none, an open or close
 *   outside its range, or two bars of a day; what `readBarFile` throws
 */
export async function readPlayedBars(path: string): Promise<readonly DailyBars[]> {
  const { symbols } = await readBarFile(path, [...adjustedNames, ...dividendNames, ...splitNames]);
  const shared = new Map<string, readonly SessionDate[]>();
  return symbols.map((bars) => dailyBars(bars, path, shared));
}

function dailyBars(bars: FileBars, path: string, shared: Map<string, readonly SessionDate[]>): DailyBars {
  const { symbol = 'BARS', stampMs } = bars;
  const invalid = (problem: string): Failure =>
    new Failure('BACKTEST_BARS_INVALID', `${path}, ${symbol}: ${problem}`, { path, symbol, problem });
  const column = (name: BarColumn): Float64Array => {
    const values = bars.columns[name];
    if (!values) throw invalid(`it has no column ${name}`);
    const least = name === 'volume' ? 0 : Number.MIN_VALUE;
    const at = values.findIndex((value) => !(value >= least && Number.isFinite(value)));
    if (at >= 0) throw invalid(`${name} of bar ${at + 1} is ${values[at]}`);
    return values;
  };
  if (!stampMs) throw invalid('no column tells the day of its bars');
  const [open, close] = [column('open'), column('close')];
  const { high, low } = widened({ open, close, high: column('high'), low: column('low') }, invalid);
  const volume = bars.columns.volume ? column('volume') : new Float64Array(close.length);
  return {
    symbol,
    sessions: sessionsOf(stampMs, { invalid, shared }),
    open,
    high,
    low,
    close,
    adjustedClose: firstColumn(bars, adjustedNames) ?? close,
    volume,
    ...actionsOf(bars),
  };
}

/** Columns of the same days are the same array, so that they are laid out once. */
function sessionsOf(
  stampMs: Float64Array,
  {
    invalid,
    shared,
  }: { readonly invalid: (problem: string) => Failure; readonly shared: Map<string, readonly SessionDate[]> },
): readonly SessionDate[] {
  const sessions = Array.from(stampMs, (ms) => sessionDate(new Date(ms).toISOString().slice(0, 10)));
  const twice = sessions.findIndex((session, at) => at > 0 && session === sessions[at - 1]);
  if (twice >= 0) throw invalid(`bar ${twice + 1} is of the same day as the one before: daily bars are needed`);
  const key = sessions.join();
  const known = shared.get(key) ?? sessions;
  shared.set(key, known);
  return known;
}

/** The range with what rounding left outside of it. */
function widened(
  { open, high, low, close }: Readonly<Record<'open' | 'high' | 'low' | 'close', Float64Array>>,
  invalid: (problem: string) => Failure,
): { readonly high: Float64Array; readonly low: Float64Array } {
  for (const [at, top] of high.entries()) {
    const slack = slackFraction * close[at]!;
    const inside =
      top + slack >= Math.max(open[at]!, close[at]!) && low[at]! - slack <= Math.min(open[at]!, close[at]!);
    if (!inside) throw invalid(`open or close of bar ${at + 1} lies outside its range`);
  }
  return {
    high: high.map((top, at) => Math.max(top, open[at]!, close[at]!)),
    low: low.map((bottom, at) => Math.min(bottom, open[at]!, close[at]!)),
  };
}

function actionsOf(bars: FileBars): { readonly actions?: ActionColumns } {
  const [dividend, split] = [firstColumn(bars, dividendNames), firstColumn(bars, splitNames)];
  if (!dividend && !split) return {};
  const length = bars.stampMs?.length ?? 0;
  return {
    actions: {
      dividend: (dividend ?? new Float64Array(length)).map((dollars) => (dollars > 0 ? dollars : 0)),
      splitRatio: (split ?? new Float64Array(length)).map((ratio) => (ratio > 0 ? ratio : 1)),
    },
  };
}

function firstColumn({ further }: FileBars, names: readonly string[]): Float64Array | undefined {
  const name = names.find((one) => further[one] !== undefined);
  return name === undefined ? undefined : further[name];
}
