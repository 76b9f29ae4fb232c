import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Failure } from '#domain/failure.ts';
import type { StampedBars } from '#domain/intradayBars.ts';
import { readCsv, type CsvColumns } from '../files/csvColumns.ts';
import { stampOfText } from '../files/stampOfText.ts';
import { withFile } from '../files/withFile.ts';

const stampNames = ['datetime', 'timestamp', 'date', 'time'];
const figureNames = ['open', 'high', 'low', 'close', 'volume'] as const;
const symbolInName = /^([a-z0-9.^=-]+?)(?:[_ ]|\.csv)/i;

/**
 * Bars within sessions from a CSV file, plain or gzip, rows ascending or descending, columns in any order and case:
 * datetime (or timestamp, date, time), open, high, low, close, volume. Times without a zone are New York's.
 * @param symbol of the bars; absent: what the file's name begins with
 * @throws Failure FILE_UNREADABLE for a file that is missing or damaged, BARS_UNREADABLE by its line for one that is no
 *   table of bars
 */
export async function readIntradayFile(path: string, symbol?: string): Promise<StampedBars> {
  const table = readCsv(await bytesOf(path), (name) => (stampNames.includes(name.toLowerCase()) ? 'text' : 'figure'));
  const named = new Map(table.header.map((name) => [name.toLowerCase(), name]));
  const missing = figureNames.filter((name) => !named.has(name));
  const stampName = stampNames.find((name) => named.has(name));
  if (missing.length > 0 || stampName === undefined) {
    throw unreadable(path, 1, `its header lacks ${[...(stampName ? [] : ['datetime']), ...missing].join(', ')}`);
  }
  const [uneven] = table.unevenLines;
  if (uneven !== undefined) throw unreadable(path, uneven, `it has not ${table.header.length} cells`);
  const known = symbol ?? symbolInName.exec(basename(path))?.[1];
  if (known === undefined) throw unreadable(path, 1, 'neither its name nor --symbol tells the symbol');
  checkFigures(table, named, path);
  const stamps = stampsOf(table.texts.get(named.get(stampName)!) ?? [], path);
  const column = (name: (typeof figureNames)[number]): Float64Array => table.figures.get(named.get(name)!)!;
  return ascending({
    symbol: known.toUpperCase(),
    stampMs: stamps,
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
  });
}

async function bytesOf(path: string): Promise<Buffer> {
  return withFile(path, async () => {
    const bytes = await readFile(path);
    return bytes.length > 1 && bytes.readUInt16BE() === 0x1f8b ? gunzipSync(bytes) : bytes;
  });
}

function stampsOf(texts: readonly string[], path: string): Float64Array {
  return Float64Array.from(texts, (text, row) => {
    const ms = stampOfText(text);
    if (ms === undefined) throw unreadable(path, row + 2, `${JSON.stringify(text)} is no time`);
    return ms;
  });
}

/** A bar with a hole in it would make a wrong longer bar. */
function checkFigures(table: CsvColumns, named: ReadonlyMap<string, string>, path: string): void {
  for (const name of figureNames) {
    const bad = table.figures.get(named.get(name)!)!.findIndex((value) => !(Number.isFinite(value) && value >= 0));
    if (bad !== -1) throw unreadable(path, bad + 2, `its ${name} is no figure of at least 0`);
  }
}

/** The rows oldest first: a file that descends is turned round. */
function ascending(bars: StampedBars): StampedBars {
  const { stampMs } = bars;
  if (stampMs.length < 2 || stampMs[0]! < stampMs.at(-1)!) return bars;
  const { symbol, open, high, low, close, volume } = bars;
  return {
    symbol,
    stampMs: stampMs.toReversed(),
    open: open.toReversed(),
    high: high.toReversed(),
    low: low.toReversed(),
    close: close.toReversed(),
    volume: volume.toReversed(),
  };
}

function unreadable(path: string, line: number, problem: string): Failure {
  return new Failure('BARS_UNREADABLE', `${path}, line ${line}: ${problem}`, { path, line });
}
