import { Failure } from '#domain/failure.ts';
import type { DailyMarketBars } from '#domain/costs/marketOfBars.ts';
import { readBarFile, type FileBars } from '#infra/fileDrop/barFile.ts';

/** Daily bars of one symbol, as costs are told from them. */
export interface NamedDailyBars extends DailyMarketBars {
  /** Undefined where the file names none. */
  readonly symbol: string | undefined;
  /** Shape [sessions]; undefined where the file has none. */
  readonly open: Float64Array | undefined;
  /** Shape [sessions], `YYYY-MM-DD`; undefined where the file tells no time. */
  readonly sessions: readonly string[] | undefined;
}

const shortestDayMs = 20 * 3_600_000;

/**
 * Daily bars of every symbol of a file, with high, low, close and volume.
 * @throws Failure COST_INPUT_INVALID for a column that is missing, a figure that is, or bars shorter than a day; what
 *   `readBarFile` throws
 */
export async function readDailyBars(path: string): Promise<readonly NamedDailyBars[]> {
  const { symbols } = await readBarFile(path);
  return symbols.map((bars) => dailyBars(bars, path));
}

function dailyBars({ symbol, columns, stampMs }: FileBars, path: string): NamedDailyBars {
  const invalid = (problem: string): Failure =>
    new Failure('COST_INPUT_INVALID', `${path}${symbol === undefined ? '' : `, ${symbol}`}: ${problem}`, { path });
  const column = (name: 'high' | 'low' | 'close' | 'volume'): Float64Array => {
    const values = columns[name];
    if (values === undefined) throw invalid(`it has no column ${name}`);
    const [least, word] = name === 'volume' ? [0, 'not negative'] : [Number.MIN_VALUE, 'over 0'];
    const at = values.findIndex((value) => !(value >= least));
    if (at >= 0) throw invalid(`${name} of bar ${at + 1} is not ${word}: ${values[at]}`);
    return values;
  };
  const [high, low, close, volume] = [column('high'), column('low'), column('close'), column('volume')];
  const apart = close.findIndex((price, at) => price > high[at]! || price < low[at]!);
  if (apart >= 0) throw invalid(`the close of bar ${apart + 1} lies outside its range`);
  const short = stampMs?.findIndex((atMs, at) => at > 0 && atMs - stampMs[at - 1]! < shortestDayMs) ?? -1;
  if (short >= 0) throw invalid(`bar ${short + 1} is less than a day after the one before: daily bars are needed`);
  const sessions = stampMs && Array.from(stampMs, (atMs) => new Date(atMs).toISOString().slice(0, 10));
  return { symbol, sessions, open: columns.open, high, low, close, volume };
}
