import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type {
  BarsRequest,
  HistoricalBars,
  MarketDataProvider,
  SessionRange,
} from '#activities/ports/marketDataProvider.ts';
import { pickRows, type DailyBars } from '#domain/bars.ts';
import { Failure } from '#domain/failure.ts';
import { dailyFileFormat } from './fileFormats.ts';
import { readDailyFiles, type DailyDelivery } from './readDailyFiles.ts';

/** Where a vendor's files are dropped. */
export interface FileDropOptions {
  readonly folder: string;
  /** Name of the format; see fileFormats.ts. */
  readonly format: string;
}

/**
 * A folder into which files are dropped: exports of WRDS or Bloomberg, of any vendor in the format `plimsoll`, or a
 * folder of LEAN. It is read whole, and again when one of its files changed. A delivery with a row or a file that cannot
 * be read is refused: what is missing of it would look like a market that stood still.
 */
export function createFileDropProvider({ folder, format }: FileDropOptions): MarketDataProvider {
  let kept: { readonly listing: string; readonly delivery: Promise<DailyDelivery> } | undefined;
  const delivered = async (): Promise<readonly DailyBars[]> => {
    const listing = await listingOf(folder);
    if (kept?.listing !== listing) kept = { listing, delivery: readDailyFiles([folder], dailyFileFormat(format)) };
    try {
      return wholeDelivery(await kept.delivery);
    } catch (error) {
      // A file that was half there is read again by the next question.
      kept = undefined;
      throw error;
    }
  };
  return {
    name: 'fileDrop',
    origin: `Files of the format ${format} in ${path.basename(folder)}; their licence is that of who delivered them.`,
    timeframes: ['1Day'],
    historicalBars: async (request) => barsOf(await delivered(), request),
    instruments: async () =>
      [...new Set((await delivered()).map(({ symbol }) => symbol))].map((symbol) => ({
        symbol,
        name: symbol,
        exchange: '',
        active: true,
      })),
  };
}

async function listingOf(folder: string): Promise<string> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
    const lines = files.toSorted().map(async (file) => {
      const { size, mtimeMs } = await stat(file);
      return `${file} ${size} ${mtimeMs}`;
    });
    return (await Promise.all(lines)).join('\n');
  } catch (cause) {
    throw new Failure('FILE_UNREADABLE', `${folder}: ${(cause as Error).message}`, { path: folder }, { cause });
  }
}

function wholeDelivery({ bars, unreadableRows, notData }: DailyDelivery): readonly DailyBars[] {
  const [row, file] = [unreadableRows[0], notData[0]];
  if (!row && !file) return bars;
  const first = file ? `${file.path}: ${file.problem}` : `${row!.path}, line ${row!.line}: ${row!.problem}`;
  const others = unreadableRows.length + notData.length - 1;
  throw new Failure('PROVIDER_ANSWER_UNREADABLE', `${first}${others > 0 ? `, and ${others} more` : ''}`, {
    provider: 'fileDrop',
    rows: unreadableRows.length,
    files: notData.length,
  });
}

function barsOf(delivered: readonly DailyBars[], { symbols, range, timeframe }: BarsRequest): HistoricalBars {
  if (timeframe !== '1Day') {
    throw new Failure('PROVIDER_CAPABILITY_MISSING', `a file drop has no bars of ${timeframe}`, { timeframe });
  }
  const asked = delivered.filter(({ symbol }) => symbols.includes(symbol)).map((one) => within(one, range));
  const bars = asked.filter(({ sessions }) => sessions.length > 0);
  const withoutBars = symbols.filter((wanted) => !bars.some(({ symbol }) => symbol === wanted));
  const scale = bars.every(({ actions }) => actions) ? 'raw' : 'splitAdjusted';
  return { kind: 'daily', scale, withoutBars, bars };
}

/** Rows of a range in the order they came: what is unsorted or doubled is the data contract's to find. */
function within(bars: DailyBars, { from, to }: SessionRange): DailyBars {
  const rows = [...bars.sessions.keys()].filter((row) => bars.sessions[row]! >= from && bars.sessions[row]! <= to);
  return pickRows(bars, rows);
}
