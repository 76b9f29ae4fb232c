import { barsBetween, type DailyBars } from '#domain/bars.ts';
import type { Benchmark } from '#domain/benchmark.ts';
import { canonicalJson } from '#domain/canonicalJson.ts';
import type { ColumnTable } from '#domain/columnTable.ts';
import type { Digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';
import { sessionDate, type SessionDate } from '#domain/sessionDate.ts';
import { sha256 } from '#domain/sha256.ts';
import type { PartKind, SnapshotPart } from '#domain/snapshotManifest.ts';
import { rowsOfSpan, unionOfSessions } from './sessionSpan.ts';
import type { Snapshot } from './snapshot.ts';
import { benchmarkToTable, storedBarsToTable, tableToBars, tableToBenchmark } from './tables.ts';

/** The rows of a part before they are a file. */
export interface PartTable extends Pick<SnapshotPart, 'kind' | 'year' | 'rows' | 'firstSession' | 'lastSession'> {
  readonly digest: Digest;
  readonly table: ColumnTable;
}

/**
 * Cuts a snapshot into years. A new session changes the parts of its year alone; what a later dividend changes in every
 * year, the adjusted closes, lies in small parts of its own.
 */
export function partTables({ bars, benchmark }: Snapshot): readonly PartTable[] {
  const years = [...new Set(unionOfSessions([...bars, benchmark]).map((session) => session.slice(0, 4)))];
  return years.flatMap((year) => {
    const [from, to] = [sessionDate(`${year}-01-01`), sessionDate(`${year}-12-31`)];
    const ofYear = bars.map((one) => barsBetween(one, from, to)).filter(({ sessions }) => sessions.length > 0);
    const level = benchmarkBetween(benchmark, from, to);
    const sessions = unionOfSessions(ofYear);
    const stored = storedBarsToTable(ofYear);
    const adjusted = stored.filter(({ name }) => ['symbol', 'session', 'adjustedClose'].includes(name));
    return [
      partOf('bars', { year, sessions, table: stored.filter(({ name }) => name !== 'adjustedClose') }),
      partOf('adjusted', { year, sessions, table: adjusted }),
      partOf('benchmark', { year, sessions: level.sessions, table: benchmarkToTable(level) }),
    ].filter(({ rows }) => rows > 0);
  });
}

/** A part of a snapshot as it was read. */
export interface ReadPart {
  readonly kind: PartKind;
  readonly year: string;
  readonly table: ColumnTable;
}

/**
 * The snapshot of its parts.
 * @throws Failure SNAPSHOT_INVALID when the parts of a year do not belong together
 */
export function joinParts(parts: readonly ReadPart[]): Snapshot {
  const inOrder = parts.toSorted((a, b) => (a.year < b.year ? -1 : 1));
  const ofKind = (kind: PartKind): readonly ReadPart[] => inOrder.filter((part) => part.kind === kind);
  const adjusted = new Map(ofKind('adjusted').map(({ year, table }) => [year, table]));
  const years = ofKind('bars').map(({ year, table }) => tableToBars(withAdjusted(year, table, adjusted.get(year))));
  const symbols = [...new Set(years.flatMap((bars) => bars.map(({ symbol }) => symbol)))].toSorted();
  const bySymbol = new Map<string, DailyBars[]>(symbols.map((symbol) => [symbol, []]));
  for (const bars of years) for (const one of bars) bySymbol.get(one.symbol)!.push(one);
  const levels = ofKind('benchmark').map(({ table }) => tableToBenchmark(table));
  return {
    bars: [...bySymbol.values()].map(joinBars),
    benchmark: {
      sessions: levels.flatMap(({ sessions }) => sessions),
      close: joined(levels.map(({ close }) => close)),
      source: levels.flatMap(({ source }) => source),
    },
  };
}

/** Bars of one symbol after each other, as one. */
function joinBars(parts: readonly DailyBars[]): DailyBars {
  const { symbol } = parts[0]!;
  const hasActions = parts.every(({ actions }) => actions !== undefined);
  if (!hasActions && parts.some(({ actions }) => actions !== undefined)) {
    throw new Failure('SNAPSHOT_INVALID', `${symbol}: some years are raw and others adjusted`, { place: symbol });
  }
  const column = (name: 'open' | 'high' | 'low' | 'close' | 'adjustedClose' | 'volume'): Float64Array =>
    joined(parts.map((part) => part[name]));
  return {
    symbol,
    sessions: parts.flatMap(({ sessions }) => sessions),
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    adjustedClose: column('adjustedClose'),
    volume: column('volume'),
    ...(hasActions && {
      actions: {
        dividend: joined(parts.map(({ actions }) => actions!.dividend)),
        splitRatio: joined(parts.map(({ actions }) => actions!.splitRatio)),
      },
    }),
  };
}

function withAdjusted(year: string, bars: ColumnTable, adjusted: ColumnTable | undefined): ColumnTable {
  const same = (name: string): boolean => {
    const [here, there] = [bars, adjusted ?? []].map((table) => table.find((column) => column.name === name)?.values);
    return here !== undefined && here.length === there?.length && here.every((value, row) => value === there[row]);
  };
  if (!same('symbol') || !same('session')) {
    throw new Failure('SNAPSHOT_INVALID', `the adjusted closes of ${year} are not those of its bars`, { place: year });
  }
  return [...bars, ...adjusted!.filter(({ name }) => name === 'adjustedClose')];
}

function partOf(
  kind: PartKind,
  {
    year,
    sessions,
    table,
  }: { readonly year: string; readonly sessions: readonly SessionDate[]; readonly table: ColumnTable },
): PartTable {
  const rows = table[0]!.values.length;
  const [firstSession, lastSession] = [sessions[0]!, sessions.at(-1)!];
  return { kind, year, rows, firstSession, lastSession, digest: tableDigest(table), table };
}

/** SHA-256 of a table's canonical bytes: names and types, then each column, a text as JSON, figures as they lie. */
function tableDigest(table: ColumnTable): Digest {
  const schema = canonicalJson(table.map(({ name, type }) => ({ name, type })));
  const columns = table.map((column) =>
    column.type === 'text'
      ? Buffer.from(JSON.stringify(column.values), 'utf8')
      : Buffer.from(column.values.buffer, column.values.byteOffset, column.values.byteLength),
  );
  return sha256(Buffer.concat([Buffer.from(schema, 'utf8'), ...columns]));
}

function benchmarkBetween({ sessions, close, source }: Benchmark, from: SessionDate, to: SessionDate): Benchmark {
  const { first, end } = rowsOfSpan(sessions, { from, to });
  return { sessions: sessions.slice(first, end), close: close.slice(first, end), source: source.slice(first, end) };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
