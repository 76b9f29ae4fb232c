import type { ActionColumns, DailyBars } from '#domain/bars.ts';
import type { Benchmark } from '#domain/benchmark.ts';
import type { Column, ColumnTable } from '#domain/columnTable.ts';
import { Failure } from '#domain/failure.ts';
import { sessionDate, type SessionDate } from '#domain/sessionDate.ts';
import { barColumns } from './barRows.ts';
import { priceKind } from './snapshot.ts';
import type { FeatureTable } from './featureTable.ts';

/** Bars as one table: symbol, session and the figures; symbols sorted, each symbol's rows together. */
export function barsToTable(bars: readonly DailyBars[]): ColumnTable {
  const sorted = bars.toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1));
  return [
    textColumn(
      'symbol',
      texts(sorted, ({ symbol }) => symbol),
    ),
    textColumn(
      'session',
      texts(sorted, ({ sessions }, row) => sessions[row]!),
    ),
    ...barColumns.map((name) => doubleColumn(name, joined(sorted.map((symbolBars) => symbolBars[name])))),
  ];
}

/**
 * Bars as one table that tells raw prices from adjusted ones: `barsToTable` with `prices` (`raw` or `splitAdjusted`),
 * and the dividends and split ratios of those that are raw, NaN elsewhere.
 */
export function storedBarsToTable(bars: readonly DailyBars[]): ColumnTable {
  const sorted = bars.toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1));
  const actions = (name: keyof ActionColumns): Float64Array =>
    joined(sorted.map((one) => one.actions?.[name] ?? new Float64Array(one.sessions.length).fill(Number.NaN)));
  return [
    ...barsToTable(sorted),
    textColumn('prices', texts(sorted, priceKind)),
    doubleColumn('dividend', actions('dividend')),
    doubleColumn('splitRatio', actions('splitRatio')),
  ];
}

/**
 * The bars of a table that `barsToTable` or `storedBarsToTable` made.
 * @throws Failure SNAPSHOT_INVALID when a column is missing, of another type or length, or a symbol's rows lie apart
 */
export function tableToBars(table: ColumnTable): readonly DailyBars[] {
  const kinds = table.some(({ name }) => name === 'prices') ? textsOf(table, 'prices') : undefined;
  const actions = kinds && { dividend: doublesOf(table, 'dividend'), splitRatio: doublesOf(table, 'splitRatio') };
  const symbols = textsOf(table, 'symbol');
  const sessions = sessionsOf(table);
  const figures = Object.fromEntries(barColumns.map((name) => [name, doublesOf(table, name)])) as Readonly<
    Record<(typeof barColumns)[number], Float64Array>
  >;
  return runsOf(symbols).map(({ value, first, end }) => ({
    symbol: value,
    sessions: sessions.slice(first, end),
    open: figures.open.slice(first, end),
    high: figures.high.slice(first, end),
    low: figures.low.slice(first, end),
    close: figures.close.slice(first, end),
    adjustedClose: figures.adjustedClose.slice(first, end),
    volume: figures.volume.slice(first, end),
    ...(actions &&
      kinds[first] === 'raw' && {
        actions: {
          dividend: actions.dividend.slice(first, end),
          splitRatio: actions.splitRatio.slice(first, end),
        },
      }),
  }));
}

/** A benchmark as a table: session, source, close. */
export function benchmarkToTable({ sessions, source, close }: Benchmark): ColumnTable {
  return [textColumn('session', sessions), textColumn('source', source), doubleColumn('close', close)];
}

/**
 * The benchmark of a table that `benchmarkToTable` made.
 * @throws Failure SNAPSHOT_INVALID when a column is missing, of another type or length
 */
export function tableToBenchmark(table: ColumnTable): Benchmark {
  return { sessions: sessionsOf(table), source: textsOf(table, 'source'), close: doublesOf(table, 'close') };
}

/** Features as a table: symbol, session, then one column a feature; every symbol has a row for every session. */
export function featuresToTable({ symbols, sessions, names, values }: FeatureTable): ColumnTable {
  const rows = symbols.length * sessions.length;
  return [
    textColumn(
      'symbol',
      symbols.flatMap((symbol) => sessions.map(() => symbol)),
    ),
    textColumn(
      'session',
      symbols.flatMap(() => sessions),
    ),
    ...names.map((name, feature) =>
      doubleColumn(
        name,
        Float64Array.from({ length: rows }, (_, row) => values[row * names.length + feature]!),
      ),
    ),
  ];
}

/**
 * The features of a table that `featuresToTable` made.
 * @throws Failure SNAPSHOT_INVALID when it lacks a column or a symbol lacks a session
 */
export function tableToFeatures(table: ColumnTable): FeatureTable {
  const runs = runsOf(textsOf(table, 'symbol'));
  const allSessions = sessionsOf(table);
  const sessions = allSessions.slice(0, runs[0]?.end ?? 0);
  if (allSessions.some((session, row) => session !== sessions[row % sessions.length])) {
    throw invalid('a symbol lacks a session of the others');
  }
  const names = table.map(({ name }) => name).filter((name) => name !== 'symbol' && name !== 'session');
  const columns = names.map((name) => doublesOf(table, name));
  const values = new Float64Array(allSessions.length * names.length);
  for (const [feature, column] of columns.entries()) {
    for (let row = 0; row < column.length; row += 1) values[row * names.length + feature] = column[row]!;
  }
  return { symbols: runs.map(({ value }) => value), sessions, names, values };
}

function textColumn(name: string, values: readonly string[]): Column {
  return { name, type: 'text', values };
}

/** A text for every row; a loop, since tables have hundreds of thousands. */
function texts(bars: readonly DailyBars[], textOf: (bars: DailyBars, row: number) => string): readonly string[] {
  const all: string[] = [];
  for (const one of bars) for (let row = 0; row < one.sessions.length; row += 1) all.push(textOf(one, row));
  return all;
}

function doubleColumn(name: string, values: Float64Array): Column {
  return { name, type: 'double', values };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function textsOf(table: ColumnTable, name: string): readonly string[] {
  const column = columnOf(table, name);
  if (column.type !== 'text') throw invalid(`column ${name} is no text`);
  return column.values;
}

function doublesOf(table: ColumnTable, name: string): Float64Array {
  const column = columnOf(table, name);
  if (column.type !== 'double') throw invalid(`column ${name} is no 64-bit float`);
  return column.values;
}

function columnOf(table: ColumnTable, name: string): Column {
  const column = table.find((candidate) => candidate.name === name);
  if (!column) throw invalid(`there is no column ${name}`);
  if (column.values.length !== table[0]?.values.length) throw invalid(`column ${name} has another length`);
  return column;
}

function sessionsOf(table: ColumnTable): readonly SessionDate[] {
  return textsOf(table, 'session').map((text) => {
    try {
      return sessionDate(text);
    } catch (error) {
      throw new Failure('SNAPSHOT_INVALID', `${JSON.stringify(text)} is no session`, { text }, { cause: error });
    }
  });
}

interface Run {
  readonly value: string;
  readonly first: number;
  readonly end: number;
}

/** Rows of equal text that lie together. */
function runsOf(values: readonly string[]): readonly Run[] {
  const runs: Run[] = [];
  for (let first = 0; first < values.length;) {
    const value = values[first]!;
    let end = first + 1;
    while (end < values.length && values[end] === value) end += 1;
    if (runs.some((run) => run.value === value)) throw invalid(`the rows of ${value} lie apart`);
    runs.push({ value, first, end });
    first = end;
  }
  return runs;
}

function invalid(message: string): Failure {
  return new Failure('SNAPSHOT_INVALID', `not a table of ours: ${message}`);
}
