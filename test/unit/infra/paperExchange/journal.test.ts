import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Journal } from '#infra/paperExchange/journal.ts';

describe('the journal', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-journal-'));
    file = path.join(folder, 'journal.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function read(): readonly number[] {
    const entries: number[] = [];
    Journal.open<{ readonly n: number }>(file, ({ n }) => entries.push(n)).close();
    return entries;
  }
  function write(...numbers: readonly number[]): void {
    const journal = Journal.open<{ readonly n: number }>(file, () => {});
    for (const n of numbers) journal.append({ n });
    journal.close();
  }

  test('gives back what was appended, over several openings', () => {
    write(1, 2);
    write(3);
    expect(read()).toEqual([1, 2, 3]);
  });

  test('cut off at any byte, it gives back a prefix and goes on from there', () => {
    write(1, 2, 3);
    const whole = readFileSync(file);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length }), (length) => {
        writeFileSync(file, whole);
        truncateSync(file, length);
        const complete = whole.subarray(0, length).filter((byte) => byte === 0x0a).length;
        expect(read()).toEqual([1, 2, 3].slice(0, complete));
        write(9);
        expect(read()).toEqual([...[1, 2, 3].slice(0, complete), 9]);
      }),
      { numRuns: 60 },
    );
  });

  test('a line altered, removed or added in the middle is noticed', () => {
    write(1, 2, 3);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const damaged = [
      [lines[0], (lines[1] ?? '').replace('2', '7'), lines[2]],
      [lines[0], lines[2]],
      [lines[0], lines[1], lines[1], lines[2]],
    ];
    for (const damage of damaged) {
      writeFileSync(file, `${damage.join('\n')}\n`);
      expect(read).toThrow(expect.objectContaining({ code: 'PAPER_EXCHANGE_JOURNAL_CORRUPT' }));
    }
  });

  test('takes nothing more once an append failed', () => {
    const journal = Journal.open<{ readonly n: number }>(file, () => {});
    journal.append({ n: 1 });
    journal.close();
    expect(() => journal.append({ n: 2 })).toThrow('EBADF');
    expect(journal.isBroken).toBe(true);
    expect(() => journal.append({ n: 3 })).toThrow('reopen it');
    expect(read()).toEqual([1]);
  });

  test('a torn line holding another journal entry is dropped even when it reads well', () => {
    write(1);
    appendFileSync(file, '0'.repeat(64));
    expect(read()).toEqual([1]);
  });
});
