import { Failure } from '#domain/failure.ts';
import type { Observation } from '#domain/observation.ts';
import type { AlternativeData } from '#activities/ports/alternativeData.ts';
import { readDailyTable, type DailyTable } from '../fileDrop/dailyTable.ts';
import { stampOfText } from '../files/stampOfText.ts';
import { withFile } from '../files/withFile.ts';

const names = {
  symbol: ['symbol', 'ticker'],
  arrived: ['arrived', 'arrived_at', 'received', 'received_at', 'published', 'published_at', 'available_at'],
  event: ['event', 'event_at', 'event_time', 'reference_time', 'release_time'],
  value: ['value', 'score', 'sentiment', 'count', 'amount', 'actual'],
} as const;

/** Observations of a symbol; empty where they speak of none. */
interface FoundObservation extends Observation {
  readonly symbol: string;
}

/**
 * Alternative data in files: CSV (plain or gzip) or Parquet, one a set, with columns arrived, value and, where they are
 * known, symbol and event, in any order and case. Times without a zone are New York's.
 * @param files path by set
 */
export function observationFiles(files: Readonly<Record<string, string>>): AlternativeData {
  return {
    observations: async ({ set, symbols, arrivedFromMs, arrivedBeforeMs }) => {
      const path = files[set];
      if (path === undefined) throw unreadable(set, 'no file holds it');
      const found = observationsOf(path, await tableAt(path));
      const wanted = found
        .filter(({ arrivedMs }) => arrivedMs >= arrivedFromMs && arrivedMs < arrivedBeforeMs)
        .toSorted((a, b) => a.arrivedMs - b.arrivedMs);
      return new Map(
        symbols.map((symbol) => [symbol, wanted.filter((one) => one.symbol === symbol || one.symbol === '')]),
      );
    },
  };
}

async function tableAt(path: string): Promise<DailyTable> {
  return withFile(path, () => readDailyTable(path, new Set([...names.symbol, ...names.arrived, ...names.event])));
}

function observationsOf(path: string, table: DailyTable): readonly FoundObservation[] {
  const named = (accepted: readonly string[]): string | undefined =>
    table.header.find((header) => accepted.includes(header.trim().toLowerCase()));
  const [symbol, arrived, event, value] = [
    named(names.symbol),
    named(names.arrived),
    named(names.event),
    named(names.value),
  ];
  if (arrived === undefined || value === undefined) {
    throw unreadable(`${path}, line 1`, 'it needs columns arrived and value');
  }
  const [uneven] = table.unevenLines;
  if (uneven !== undefined) throw unreadable(`${path}, line ${uneven}`, `it has not ${table.header.length} cells`);
  const timeAt = (header: string, row: number): number => {
    const text = table.texts.get(header)?.[row] ?? '';
    const ms = stampOfText(text);
    if (ms === undefined) throw unreadable(`${path}, line ${row + 2}`, `${JSON.stringify(text)} is no time`);
    return ms;
  };
  const figures = table.figures.get(value)!;
  return Array.from({ length: table.rows }, (_, row) => {
    const figure = figures[row]!;
    if (!Number.isFinite(figure)) throw unreadable(`${path}, line ${row + 2}`, `its ${value} is no figure`);
    const arrivedMs = timeAt(arrived, row);
    return {
      symbol: symbol === undefined ? '' : (table.texts.get(symbol)?.[row] ?? '').trim(),
      arrivedMs,
      eventMs: event === undefined ? arrivedMs : timeAt(event, row),
      value: figure,
    };
  });
}

function unreadable(place: string, problem: string): Failure {
  return new Failure('OBSERVATIONS_UNREADABLE', `${place}: ${problem}`, { place });
}
