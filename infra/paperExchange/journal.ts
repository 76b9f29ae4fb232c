import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { Failure } from '#domain/failure.ts';
import { sha256 } from '#domain/sha256.ts';

const firstLink = 'plimsoll paper exchange journal 1';

/**
 * An append-only file of JSON lines. A line is on the disk before `append` returns, and each carries a digest of itself
 * and the line before it, so that what is altered or removed in the middle is noticed. A torn last line (no newline)
 * was never answered and is dropped at opening.
 */
export class Journal<Entry> {
  readonly #file: number;
  #link: string;
  #isBroken = false;

  private constructor(file: number, link: string) {
    this.#file = file;
    this.#link = link;
  }

  /**
   * Opens or makes the file and hands over every entry, oldest first.
   * @throws Failure PAPER_EXCHANGE_JOURNAL_CORRUPT naming the line
   */
  static open<Entry>(filePath: string, replay: (entry: Entry) => void): Journal<Entry> {
    mkdirSync(path.dirname(filePath), { recursive: true, mode: 0o700 });
    const file = openSync(filePath, 'a+', 0o600);
    const bytes = readFileSync(file);
    const end = bytes.lastIndexOf(0x0a) + 1;
    let link: string = firstLink;
    const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
    for (const [index, line] of lines.entries()) {
      const digest = line.slice(0, 64);
      const body = line.slice(65);
      if (digest !== sha256(`${link}\n${body}`)) throw corrupt(filePath, index + 1);
      replay(JSON.parse(body) as Entry);
      link = digest;
    }
    if (end < bytes.length) ftruncateSync(file, end);
    fsyncSync(file);
    syncFolder(path.dirname(filePath));
    return new Journal<Entry>(file, link);
  }

  /**
   * Appends one entry, durable on return.
   * @throws whatever the disk says; the journal then takes nothing more, since its tail is unknown until it is reopened
   */
  append(entry: Entry): void {
    if (this.#isBroken) throw new Error('the journal failed before; reopen it');
    const body = JSON.stringify(entry);
    const digest = sha256(`${this.#link}\n${body}`);
    const bytes = Buffer.from(`${digest} ${body}\n`, 'utf8');
    this.#isBroken = true;
    for (let written = 0; written < bytes.length;) written += writeSync(this.#file, bytes, written);
    fdatasyncSync(this.#file);
    this.#isBroken = false;
    this.#link = digest;
  }

  /** Whether an append failed: what the file ends with is then known only after reopening it. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Closes the file. */
  close(): void {
    closeSync(this.#file);
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function corrupt(filePath: string, line: number): Failure {
  return new Failure('PAPER_EXCHANGE_JOURNAL_CORRUPT', `line ${line} of ${path.basename(filePath)} was altered`, {
    line,
  });
}
