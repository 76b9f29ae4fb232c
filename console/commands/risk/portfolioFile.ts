import { Failure } from '#domain/failure.ts';
import type { WeightedAssets } from '#domain/risk/portfolioCovariance.ts';
import { readSeriesFile } from '#infra/fileDrop/seriesFile.ts';
import { readWeightFile } from '#infra/fileDrop/weightFile.ts';

/** Returns of assets in a file with their weights, and of the portfolio that they make. */
export interface PortfolioFile extends WeightedAssets {
  /** Of the assets, in the file's order. */
  readonly names: readonly string[];
  /** Shape [sessions], of the portfolio kept at these weights, fractions. */
  readonly portfolio: Float64Array;
  /** As the file writes the first and last; null where it tells no times. */
  readonly from: string | null;
  readonly to: string | null;
  /** Shape [sessions], as the file writes them; null where it tells no times. */
  readonly stamps: readonly string[] | null;
  /** Rows left out because a cell is empty. */
  readonly rowsWithoutFigure: number;
}

/**
 * Reads a file of returns, a column an asset, and the weights beside it; equal parts without weights.
 * @throws Failure as `readSeriesFile` and `readWeightFile` do; RETURNS_IMPOSSIBLE for a return under -1
 */
export async function readPortfolioFile(path: string, weightPath: string | undefined): Promise<PortfolioFile> {
  const { series, stamps } = await readSeriesFile(path);
  const names = series.map(({ name }) => name);
  const weights =
    weightPath === undefined
      ? new Float64Array(names.length).fill(1 / names.length)
      : await readWeightFile(weightPath, names);
  const rows = Array.from(series[0]!.values.keys());
  const complete = rows.filter((row) => series.every(({ values }) => !Number.isNaN(values[row])));
  const returns = series.map(({ values }) => Float64Array.from(complete, (row) => values[row]!));
  for (const [asset, column] of returns.entries()) {
    const impossible = column.find((value) => !(value >= -1 && Number.isFinite(value)));
    if (impossible === undefined) continue;
    const message = `${path}: ${names[asset]} has a return of ${impossible}`;
    throw new Failure('RETURNS_IMPOSSIBLE', message, { path, column: names[asset]!, value: impossible });
  }
  const portfolio = Float64Array.from(complete, (_, row) =>
    returns.reduce((sum, column, asset) => sum + weights[asset]! * column[row]!, 0),
  );
  const [first, last] = [complete[0], complete.at(-1)];
  return {
    names,
    returns,
    weights,
    portfolio,
    from: (first !== undefined && stamps?.[first]) || null,
    to: (last !== undefined && stamps?.[last]) || null,
    stamps: stamps ? complete.map((row) => stamps[row]!) : null,
    rowsWithoutFigure: rows.length - complete.length,
  };
}
