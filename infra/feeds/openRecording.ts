import { open } from 'node:fs/promises';
import { Failure } from '#domain/failure.ts';
import type { MarketEvent } from '#domain/marketEvents.ts';
import { readBinanceRecording } from '../binance/streamRecording.ts';
import { readCapture, readStoredSegment } from '../capture/readCapture.ts';
import { linesOf } from '../files/linesOf.ts';
import { readLeanTicks } from '../lean/leanTicks.ts';
import { mergeByArrival } from './mergeByArrival.ts';
import { withFile } from '../files/withFile.ts';

/** Layouts of recorded events: our own captures, the same as they are stored (Parquet), Binance's streams as they came in, LEAN's archives of ticks. */
export type RecordingFormat = 'capture' | 'stored' | 'binance' | 'lean';

/** Recorded events in the order of arrival. */
export interface Recording {
  readonly format: RecordingFormat;
  readonly events: AsyncIterable<MarketEvent>;
}

/**
 * Opens recordings of one layout, told by what is in the files. Captures and streams follow each other in the order given;
 * LEAN's archives hold one kind of event each and are merged by time.
 * @throws Failure FILE_UNREADABLE for a file that cannot be read, RECORDING_UNREADABLE for layouts mixed; reading throws
 *   the same for what it meets
 */
export async function openRecording(paths: readonly string[]): Promise<Recording> {
  const formats = await Promise.all(paths.map(formatOf));
  const format = formats[0] ?? 'capture';
  const other = formats.findIndex((one) => one !== format);
  if (other !== -1) {
    const mixed = `${paths[other]} is a recording of ${formats[other]}, ${paths[0]} of ${format}`;
    throw new Failure('RECORDING_UNREADABLE', `${mixed}: replay them apart`, { path: paths[other]! });
  }
  return { format, events: readers[format](paths) };
}

const readers: Readonly<Record<RecordingFormat, (paths: readonly string[]) => AsyncIterable<MarketEvent>>> = {
  capture: readCapture,
  stored: async function* (paths) {
    for (const path of paths) yield* readStoredSegment(path);
  },
  binance: readBinanceRecording,
  lean: (paths) => mergeByArrival(paths.map(readLeanTicks)),
};

const formatByMagic: Readonly<Record<string, RecordingFormat>> = { 'PK\u0003\u0004': 'lean', PAR1: 'stored' };

async function formatOf(path: string): Promise<RecordingFormat> {
  const known = formatByMagic[await magicOf(path)];
  if (known) return known;
  for await (const { text } of linesOf(path)) return text.startsWith('{') ? 'capture' : 'binance';
  return 'capture';
}

async function magicOf(path: string): Promise<string> {
  return withFile(path, async () => {
    const file = await open(path);
    try {
      const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
      return buffer.toString('latin1');
    } finally {
      await file.close();
    }
  });
}
