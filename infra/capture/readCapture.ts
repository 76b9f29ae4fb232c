import { readFile } from 'node:fs/promises';
import { Failure } from '#domain/failure.ts';
import { marketEventOfText } from '#domain/marketEventText.ts';
import type { MarketEvent } from '#domain/marketEvents.ts';
import { linesOf } from '../files/linesOf.ts';
import { parquetTables } from '../parquet/parquetTables.ts';

/**
 * Events of a segment that was put into the object store: a Parquet file, one segment long.
 * @throws Failure FILE_UNREADABLE, TABLE_UNREADABLE, or RECORDING_UNREADABLE for one that holds something else
 */
export async function* readStoredSegment(path: string): AsyncGenerator<MarketEvent> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new Failure('FILE_UNREADABLE', `${path}: ${(error as Error).message}`, { path }, { cause: error });
  });
  const column = (await parquetTables.decode(bytes)).find(({ name }) => name === 'event');
  if (column?.type !== 'text') throw new Failure('RECORDING_UNREADABLE', `${path}: it holds no events`, { path });
  for (const [row, text] of column.values.entries()) yield eventOf(text, { path, line: row + 1 });
}

/**
 * Events of captured segments, line by line, so that memory does not grow with them.
 * @param paths segments in the order of time, plain or gzip: a line is the text of one event
 * @throws Failure RECORDING_UNREADABLE, naming file and line, for anything else
 */
export async function* readCapture(paths: readonly string[]): AsyncGenerator<MarketEvent> {
  for (const path of paths) {
    for await (const { text, line } of linesOf(path)) yield eventOf(text, { path, line });
  }
}

function eventOf(text: string, { path, line }: { readonly path: string; readonly line: number }): MarketEvent {
  try {
    return marketEventOfText(text);
  } catch (error) {
    const problem = (error as Error).message;
    throw new Failure('RECORDING_UNREADABLE', `${path}, line ${line}: ${problem}`, { path, line }, { cause: error });
  }
}
