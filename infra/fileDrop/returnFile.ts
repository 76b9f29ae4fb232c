import { Failure } from '#domain/failure.ts';
import { readSeriesFile, type NamedSeries, type SeriesFile } from './seriesFile.ts';

/** A column of a file; without a name the file must hold one series only. */
export interface SeriesChoice {
  readonly path: string;
  readonly column?: string;
}

/** Returns as the figures are computed from them, oldest first. */
export interface ReturnSeries {
  /** Name of the column. */
  readonly name: string;
  /** Shape [rows], as the file writes them; absent where no column tells the time. */
  readonly stamps: readonly string[] | undefined;
  /** Shape [rows], simple returns as fractions, each finite and at least -1. */
  readonly returns: Float64Array;
  /** Of the same rows; absent where none was asked for. */
  readonly benchmark: { readonly name: string; readonly returns: Float64Array } | undefined;
  readonly rows: RowCounts;
}

/** What became of the rows of the files. */
export interface RowCounts {
  readonly returns: number;
  /** Absent without a benchmark. */
  readonly benchmark?: number;
  /** Rows of times that both files have; all rows without a benchmark. */
  readonly common: number;
  /** Of the common rows: left out because a cell is empty. */
  readonly withoutFigure: number;
}

/**
 * Reads returns and, where one is named, the benchmark beside them, joined by time: only rows that both files have count.
 * Rows in which either cell is empty are left out; the counts say how many. Files without times are joined row by row.
 * @throws Failure as `readSeriesFile` does; SERIES_UNKNOWN where the column is not named and the file has several, or is
 *   not there; SERIES_NOT_ALIGNED where the files cannot be joined; RETURNS_IMPOSSIBLE for a return under -1
 */
export async function readReturns(returns: SeriesChoice, benchmark?: SeriesChoice): Promise<ReturnSeries> {
  const ours = await readChosen(returns);
  const theirs = benchmark && (await readChosen(benchmark));
  const pairs = theirs ? commonRows(ours, theirs) : Array.from(ours.series.values, (_, row) => [row, row] as const);
  const present = pairs.filter(
    ([row, other]) => !Number.isNaN(ours.series.values[row]) && !(theirs && Number.isNaN(theirs.series.values[other])),
  );
  if (present.length === 0) throw unaligned(ours, theirs, 'no row has a figure');
  const { stamps } = ours.file;
  return {
    name: ours.series.name,
    stamps: stamps && present.map(([row]) => stamps[row]!),
    returns: chosenReturns(
      ours,
      present.map(([row]) => row),
    ),
    benchmark: theirs && {
      name: theirs.series.name,
      returns: chosenReturns(
        theirs,
        present.map(([, row]) => row),
      ),
    },
    rows: {
      returns: ours.series.values.length,
      ...(theirs && { benchmark: theirs.series.values.length }),
      common: pairs.length,
      withoutFigure: pairs.length - present.length,
    },
  };
}

interface Chosen {
  readonly path: string;
  readonly file: SeriesFile;
  readonly series: NamedSeries;
}

/** What an account may tell beside its returns, by the names of columns that nobody's returns have. */
export const activityNames = ['exposure', 'turnover'] as const;

/** Whether a column tells of an account's activity and not of returns. */
export function isActivity(name: string): boolean {
  return activityNames.some((known) => known === name.trim().toLowerCase());
}

async function readChosen({ path, column }: SeriesChoice): Promise<Chosen> {
  const file = await readSeriesFile(path);
  const names = file.series.map(({ name }) => name);
  const candidates = file.series.filter(({ name }) => (column === undefined ? !isActivity(name) : name === column));
  const [series] = candidates;
  if (series && candidates.length === 1) return { path, file, series };
  const message =
    column === undefined
      ? `${path} holds several series: ${names.join(', ')}`
      : `${path} has no column ${column}: ${names.join(', ')}`;
  throw new Failure('SERIES_UNKNOWN', message, { path, names });
}

/** Pairs of rows of one time; files are ascending. */
function commonRows(ours: Chosen, theirs: Chosen): readonly (readonly [number, number])[] {
  const [our, their] = [ours.file.stampMs, theirs.file.stampMs];
  if (!our && !their) {
    const [count, other] = [ours.series.values.length, theirs.series.values.length];
    if (count !== other) throw unaligned(ours, theirs, `neither tells times, and they have ${count} and ${other} rows`);
    return Array.from({ length: count }, (_, row) => [row, row] as const);
  }
  if (!our || !their) throw unaligned(ours, theirs, `${(our ? theirs : ours).path} has no column of times`);
  const rowAt = new Map(Array.from(their, (stampMs, row) => [stampMs, row]));
  const pairs = Array.from(our, (stampMs, row) => [row, rowAt.get(stampMs)] as const);
  const common = pairs.filter((pair): pair is readonly [number, number] => pair[1] !== undefined);
  if (common.length === 0) throw unaligned(ours, theirs, 'they have no time in common');
  return common;
}

/** Returns of trials over the sessions that all of them have. */
export interface TrialReturns {
  /** Shape [rows], as the file writes them; absent where no column tells the time. */
  readonly stamps: readonly string[] | undefined;
  /** Shape [trials]. */
  readonly names: readonly string[];
  /** Shape [trials][rows], simple returns as fractions, each finite and at least -1. */
  readonly returns: readonly Float64Array[];
  /** Rows left out because a trial has an empty cell in them. */
  readonly withoutFigure: number;
}

/**
 * Reads the returns of trials, a column each. Rows in which any cell is empty are left out and counted: trials are compared
 * over the same sessions only.
 * @throws Failure as `readSeriesFile` does; RETURNS_IMPOSSIBLE for a return under -1
 */
export async function readTrials(path: string): Promise<TrialReturns> {
  const file = await readSeriesFile(path);
  const { stamps, series } = file;
  const rows = Array.from(series[0]!.values, (_, row) => row);
  const whole = rows.filter((row) => series.every(({ values }) => !Number.isNaN(values[row])));
  return {
    stamps: stamps && whole.map((row) => stamps[row]!),
    names: series.map(({ name }) => name),
    returns: series.map((one) => chosenReturns({ path, file, series: one }, whole)),
    withoutFigure: rows.length - whole.length,
  };
}

function chosenReturns({ path, file, series }: Chosen, rows: readonly number[]): Float64Array {
  return Float64Array.from(rows, (row) => {
    const value = series.values[row]!;
    if (value >= -1 && value < Number.POSITIVE_INFINITY) return value;
    const at = file.stamps?.[row] ?? `row ${row + 1}`;
    const message = `${path}: ${series.name} is ${value} at ${at}; a return is a fraction of at least -1`;
    throw new Failure('RETURNS_IMPOSSIBLE', message, { path, column: series.name, at, value });
  });
}

function unaligned(ours: Chosen, theirs: Chosen | undefined, reason: string): Failure {
  const paths = theirs ? `${ours.path} and ${theirs.path}` : ours.path;
  return new Failure('SERIES_NOT_ALIGNED', `${paths}: ${reason}`, {
    returns: ours.path,
    benchmark: theirs?.path ?? null,
  });
}
