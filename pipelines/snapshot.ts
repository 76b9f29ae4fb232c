import type { DailyBars } from '#domain/bars.ts';
import type { Benchmark } from '#domain/benchmark.ts';
import { canonicalJson } from '#domain/canonicalJson.ts';
import type { Digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { sha256 } from '#domain/sha256.ts';
import { barColumns } from './barRows.ts';

/** Everything a model may learn from: bars that passed the data contract, and the benchmark they are held against. */
export interface Snapshot {
  readonly bars: readonly DailyBars[];
  readonly benchmark: Benchmark;
}

/** What the bytes of a snapshot mean; part of the digest, so that another meaning is another digest. */
const schema = {
  format: 'plimsoll-daily-snapshot',
  version: 2,
  bars: ['symbol', 'prices', 'session', ...barColumns],
  raw: ['dividend', 'splitRatio'],
  benchmark: ['session', 'source', 'close'],
} as const;

const sessionBytes = 'YYYY-MM-DD'.length;

/**
 * SHA-256 of a snapshot's canonical bytes; the order of the symbols given does not matter. The layout, in which a count
 * is an unsigned 32-bit and a figure a 64-bit IEEE 754 number, both little-endian, and a text is the count of its UTF-8
 * bytes and the bytes:
 *
 * 1. text: the schema as canonical JSON
 * 2. count of symbols; then for each, by code unit: text of its symbol, text `raw` or `splitAdjusted` of its prices,
 *    count of its rows, and for each row by session: ten ASCII bytes of the session and the figures open, high, low,
 *    close, adjusted close, volume; where prices are raw also dividend and split ratio
 * 3. count of the benchmark's rows; then for each by session: ten ASCII bytes, text of its source, figure of its close
 *
 * Negative zero is written as zero.
 * @throws Failure SNAPSHOT_INVALID for a figure that is not finite, a repeated symbol, sessions that do not ascend or
 *   columns of different lengths
 */
export function snapshotDigest(snapshot: Snapshot): Digest {
  return sha256(snapshotBytes(snapshot));
}

/**
 * The canonical bytes behind the digest.
 * @throws Failure SNAPSHOT_INVALID as `snapshotDigest` says
 */
export function snapshotBytes({ bars, benchmark }: Snapshot): Uint8Array {
  const parts: Buffer[] = [text(canonicalJson(schema)), count(bars.length)];
  const sorted = bars.toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1));
  for (const [index, symbolBars] of sorted.entries()) {
    const { symbol, sessions } = symbolBars;
    if (sorted[index + 1]?.symbol === symbol) throw invalid(`${symbol} comes twice`, symbol);
    const { actions } = symbolBars;
    const figures = barColumns.map((column) => symbolBars[column]);
    const columns = actions ? [...figures, actions.dividend, actions.splitRatio] : figures;
    checkRows(symbol, sessions, columns);
    parts.push(text(symbol), text(priceKind(symbolBars)), count(sessions.length), rows(symbol, sessions, columns));
  }
  checkRows('the benchmark', benchmark.sessions, [benchmark.close, benchmark.source]);
  parts.push(count(benchmark.sessions.length));
  for (const [row, session] of benchmark.sessions.entries()) {
    parts.push(Buffer.from(session, 'ascii'), text(benchmark.source[row]!));
    parts.push(figure(benchmark.close[row]!, `the benchmark on ${session}`));
  }
  return Buffer.concat(parts);
}

/** What the prices of bars mean: `raw` as the venue printed them, or `splitAdjusted`. */
export function priceKind({ actions }: DailyBars): 'raw' | 'splitAdjusted' {
  return actions ? 'raw' : 'splitAdjusted';
}

function rows(symbol: string, sessions: readonly SessionDate[], columns: readonly Float64Array[]): Buffer {
  const bytes = Buffer.alloc(sessions.length * (sessionBytes + 8 * columns.length));
  let offset = 0;
  for (const [row, session] of sessions.entries()) {
    offset += bytes.write(session, offset, 'ascii');
    for (const column of columns) offset = bytes.writeDoubleLE(finite(column[row]!, `${symbol} on ${session}`), offset);
  }
  return bytes;
}

function checkRows(
  name: string,
  sessions: readonly SessionDate[],
  columns: readonly { readonly length: number }[],
): void {
  if (columns.some((column) => column.length !== sessions.length)) throw invalid(`${name}: uneven columns`, name);
  const row = sessions.findIndex((session, index) => index > 0 && session <= sessions[index - 1]!);
  if (row !== -1) throw invalid(`${name}: sessions do not ascend at ${sessions[row]}`, name);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([count(bytes.length), bytes]);
}

function count(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function figure(value: number, place: string): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(finite(value, place));
  return bytes;
}

/** The figure, with negative zero made zero. */
function finite(value: number, place: string): number {
  if (!Number.isFinite(value)) throw invalid(`${place}: ${value} is no figure`, place);
  return value === 0 ? 0 : value;
}

function invalid(message: string, place: string): Failure {
  return new Failure('SNAPSHOT_INVALID', message, { place });
}
