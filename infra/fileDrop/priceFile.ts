import { Failure } from '#domain/failure.ts';
import { adjustedNames, dividendNames, splitNames } from './actionNames.ts';
import { readBarFile, symbolNames, type FileBars } from './barFile.ts';
import { readHeader } from './dailyTable.ts';
import { readSeriesFile, type NamedSeries } from './seriesFile.ts';
import { firstOf, headers } from './stampColumn.ts';
import { withFile } from '../files/withFile.ts';

/**
 * Prices of assets, from a CSV (plain or gzip) or Parquet file of one of two shapes: a column of closes for each asset
 * beside one of times; or, where a column holds symbols, a row for each time and symbol. Of the latter the adjusted close is
 * taken; without one, closes into which dividends and splits are put back where columns tell them, so that returns are
 * what an owner had; else the close.
 * @returns shape [assets], in the order in which the file names them, each of prices over the same times, oldest first; NaN
 *   where a cell is empty
 * @throws Failure as `readSeriesFile` and `readBarFile` do; PORTFOLIO_INPUT_INVALID for bars of one asset without a symbol, a
 *   row without one, no column of closes or of times, or a symbol that has no price at a time at which another has
 */
export async function readPriceFile(path: string): Promise<readonly NamedSeries[]> {
  const names = headers(await headerAt(path));
  if (firstOf(names, symbolNames()) !== undefined) return pricesBySymbol(path);
  if (['open', 'high', 'low', 'close'].every((name) => names.has(name))) {
    throw invalid(`${path} holds bars of one asset: add a column symbol, or write a column of closes for each asset`);
  }
  return (await readSeriesFile(path)).series;
}

async function pricesBySymbol(path: string): Promise<readonly NamedSeries[]> {
  const { symbols } = await readBarFile(path, [...adjustedNames, ...dividendNames, ...splitNames]);
  const assets = symbols.map((bars) => {
    const { symbol = '', stampMs, stamps } = bars;
    if (symbol.trim() === '') throw invalid(`${path} has a row without a symbol`);
    if (!stampMs || !stamps) throw invalid(`${path} has no column of dates`);
    const prices = pricesOf(bars);
    if (!prices) throw invalid(`${path} has no column of closes`);
    return { symbol, stampMs, stamps, prices };
  });
  const texts = new Map(assets.flatMap(({ stampMs, stamps }) => stamps.map((text, row) => [stampMs[row]!, text])));
  const times = Float64Array.from(texts.keys()).sort();
  return assets.map(({ symbol, stampMs, prices }) => {
    const missing = times.find((time, row) => stampMs[row] !== time);
    if (missing !== undefined) {
      const at = texts.get(missing)!;
      throw invalid(`${path} has no price of ${symbol} at ${at}: every asset needs one whenever another has one`, {
        asset: symbol,
        at,
      });
    }
    return { name: symbol, values: prices };
  });
}

function pricesOf(bars: FileBars): Float64Array | undefined {
  const adjusted = firstColumn(bars, adjustedNames);
  const { close } = bars.columns;
  if (adjusted || !close) return adjusted;
  const [dividend, split] = [firstColumn(bars, dividendNames), firstColumn(bars, splitNames)];
  if (!dividend && !split) return close;
  let [price, before] = [close[0]!, close[0]!];
  return close.map((now, row) => {
    if (row === 0) return now;
    const paid = dividend?.[row] ?? 0;
    const shares = split?.[row] ?? 1;
    price *= ((now + (paid > 0 ? paid : 0)) * (shares > 0 ? shares : 1)) / before;
    before = now;
    return price;
  });
}

function firstColumn({ further }: FileBars, names: readonly string[]): Float64Array | undefined {
  const name = names.find((one) => further[one] !== undefined);
  return name === undefined ? undefined : further[name];
}

async function headerAt(path: string): Promise<readonly string[]> {
  return withFile(path, () => readHeader(path));
}

function invalid(message: string, details: Readonly<Record<string, string>> = {}): Failure {
  return new Failure('PORTFOLIO_INPUT_INVALID', message, details);
}
