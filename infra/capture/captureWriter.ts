import { mkdir, open, readdir, truncate, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { marketEventOfText, marketEventText } from '#domain/marketEventText.ts';
import type { MarketEvent } from '#domain/marketEvents.ts';

/** How a capture is written. */
export interface CaptureRules {
  /** Size at which a segment is closed and another begun. */
  readonly segmentBytesMax: number;
  /** Events reach the disk (fdatasync) at the latest so long after they came: what a power cut can cost. */
  readonly flushIntervalMs: number;
  /** Bytes that wait for the disk at most before they are flushed early. */
  readonly waitingBytesMax: number;
}

/** Segments of a few minutes of a busy feed; a power cut costs half a second, a killed process the same. */
export const captureRules: CaptureRules = {
  segmentBytesMax: 16 * 2 ** 20,
  flushIntervalMs: 500,
  waitingBytesMax: 2 ** 20,
};

const segmentName = /^segment-(\d{8})\.jsonl$/;
const tailBytes = 2 ** 20;

/**
 * Appends events to segments of a folder, each event the line of its canonical text. A segment is never written again once
 * the next one exists. One process at a time writes a folder.
 */
export class CaptureWriter {
  readonly #folder: string;
  readonly #rules: CaptureRules;
  #number: number;
  #file: FileHandle;
  #bytes: number;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> = Promise.resolve();
  readonly #timer: NodeJS.Timeout;
  #error: Error | undefined;

  private constructor(
    { folder, rules }: { readonly folder: string; readonly rules: CaptureRules },
    { number, file, bytes }: { readonly number: number; readonly file: FileHandle; readonly bytes: number },
  ) {
    this.#folder = folder;
    this.#rules = rules;
    this.#number = number;
    this.#file = file;
    this.#bytes = bytes;
    this.#timer = setInterval(() => void this.flush().catch(() => undefined), rules.flushIntervalMs);
  }

  /** Opens or makes a folder; the torn end of its last segment, which no flush had reached, is cut off. */
  static async open(folder: string, rules: CaptureRules = captureRules): Promise<CaptureWriter> {
    await mkdir(folder, { recursive: true });
    const number = segmentNumbers(await readdir(folder)).at(-1) ?? 1;
    const file = segmentPath(folder, number);
    const bytes = await cutTornTail(file);
    const handle = await open(file, 'a');
    await syncFolder(folder);
    return new CaptureWriter({ folder, rules }, { number, file: handle, bytes });
  }

  /**
   * Takes an event; it is on the disk after the next flush.
   * @throws what the disk said to an earlier one: then nothing more is taken
   */
  append(event: MarketEvent): void {
    if (this.#error) throw this.#error;
    const line = `${marketEventText(event)}\n`;
    this.#waiting.push(line);
    this.#waitingBytes += Buffer.byteLength(line);
    // What it throws is thrown by the next append.
    if (this.#waitingBytes >= this.#rules.waitingBytesMax) void this.flush().catch(() => undefined);
  }

  /** Resolves when all that was appended is on the disk. @throws what the disk said */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** Segments that are complete, oldest first. */
  async finished(): Promise<readonly string[]> {
    const numbers = segmentNumbers(await readdir(this.#folder));
    return numbers.filter((number) => number < this.#number).map((number) => segmentPath(this.#folder, number));
  }

  /** Flushes and closes. With `finish` the last segment counts as complete, and another begins at the next opening. */
  async close(last: 'finish' | 'continue later'): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
    if (last === 'finish' && this.#bytes > 0) await this.#next();
    await this.#file.close();
  }

  async #write(): Promise<void> {
    if (this.#error) throw this.#error;
    const lines = this.#waiting;
    if (lines.length === 0) return;
    [this.#waiting, this.#waitingBytes] = [[], 0];
    try {
      const bytes = Buffer.from(lines.join(''));
      await this.#file.appendFile(bytes);
      await this.#file.datasync();
      this.#bytes += bytes.length;
      if (this.#bytes >= this.#rules.segmentBytesMax) await this.#next();
    } catch (error) {
      this.#error = error as Error;
      throw error;
    }
  }

  async #next(): Promise<void> {
    await this.#file.close();
    this.#number += 1;
    this.#file = await open(segmentPath(this.#folder, this.#number), 'a');
    this.#bytes = 0;
    await syncFolder(this.#folder);
  }
}

/** Numbers of the segments among names, ascending. */
function segmentNumbers(names: readonly string[]): readonly number[] {
  return names.flatMap((name) => segmentName.exec(name)?.slice(1).map(Number) ?? []).sort((a, b) => a - b);
}

function segmentPath(folder: string, number: number): string {
  return path.join(folder, `segment-${String(number).padStart(8, '0')}.jsonl`);
}

/** Cuts a file after its last whole event: a power cut may leave half a line, or blocks that were never filled. */
async function cutTornTail(file: string): Promise<number> {
  const handle = await open(file, 'a+');
  try {
    let { size } = await handle.stat();
    for (;;) {
      const begins = Math.max(0, size - tailBytes);
      const { buffer } = await handle.read(Buffer.alloc(size - begins), 0, size - begins, begins);
      const kept = wholeLength(buffer);
      // A tail without one whole event: look further to the front.
      if (kept > 0 || begins === 0) {
        await truncate(file, begins + kept);
        await handle.datasync();
        return begins + kept;
      }
      size = begins;
    }
  } finally {
    await handle.close();
  }
}

/** Bytes up to the end of the last line that is an event. */
function wholeLength(bytes: Buffer): number {
  for (let end = bytes.lastIndexOf('\n'); end !== -1; end = end === 0 ? -1 : bytes.lastIndexOf('\n', end - 1)) {
    const begins = end === 0 ? 0 : bytes.lastIndexOf('\n', end - 1) + 1;
    if (isEvent(bytes.toString('utf8', begins, end))) return end + 1;
  }
  return 0;
}

function isEvent(text: string): boolean {
  try {
    marketEventOfText(text);
    return true;
  } catch {
    return false;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
