import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { marketEventText } from '#domain/marketEventText.ts';
import type { MarketEvent } from '#domain/marketEvents.ts';
import { CaptureWriter } from '#infra/capture/captureWriter.ts';
import { readCapture } from '#infra/capture/readCapture.ts';

const band = (receivedMs: number): MarketEvent => ({
  kind: 'priceBand',
  symbol: 'A',
  lower: 1,
  upper: 2,
  venueMs: null,
  receivedMs,
});
const rules = { segmentBytesMax: 300, flushIntervalMs: 10_000, waitingBytesMax: 1e6 };
const lineBytes = marketEventText(band(1)).length + 1;

describe('a capture', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-capture-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const first = (): string => path.join(folder, 'segment-00000001.jsonl');
  const events = async (): Promise<readonly number[]> => {
    const received: number[] = [];
    const files = readdirSync(folder).sort();
    for await (const event of readCapture(files.map((name) => path.join(folder, name))))
      received.push(event.receivedMs);
    return received;
  };

  test('is on the disk after a flush, in segments of which all but the last are complete', async () => {
    const writer = await CaptureWriter.open(folder, rules);
    for (let index = 1; index <= 10; index += 1) {
      writer.append(band(index));
      await writer.flush();
    }
    expect(await events()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const complete = await writer.finished();
    expect(complete.length).toBe(Math.floor(10 / Math.ceil(rules.segmentBytesMax / lineBytes)));
    await writer.close('finish');
    const again = await CaptureWriter.open(folder, rules);
    again.append(band(11));
    await again.close('continue later');
    expect((await events()).at(-1)).toBe(11);
    expect((await again.finished()).length).toBe(complete.length + 1);
  });

  test.each([
    ['half a line', marketEventText(band(3)).slice(0, 30)],
    ['a line without its end', marketEventText(band(3))],
    ['blocks that were never filled', '\0'.repeat(5_000)],
    ['a line of rubbish with its end', '\0\0{"kind":\n'],
  ])('opened after a torn write goes on behind its last whole event: %s', async (_, torn) => {
    const whole = `${marketEventText(band(1))}\n${marketEventText(band(2))}\n`;
    writeFileSync(first(), whole);
    appendFileSync(first(), torn);
    const writer = await CaptureWriter.open(folder, { ...rules, segmentBytesMax: 1e6 });
    expect(readFileSync(first(), 'utf8')).toBe(whole);
    writer.append(band(4));
    await writer.close('continue later');
    expect(await events()).toEqual([1, 2, 4]);
  });

  test('whose only segment holds nothing whole begins anew', async () => {
    writeFileSync(first(), `\n${'x'.repeat(3 * 2 ** 20)}\nx`);
    const writer = await CaptureWriter.open(folder, rules);
    writer.append(band(1));
    await writer.close('continue later');
    expect(await events()).toEqual([1]);
  });

  test('reaches the disk by itself within its interval', async () => {
    const writer = await CaptureWriter.open(folder, { ...rules, flushIntervalMs: 20 });
    writer.append(band(1));
    await expect.poll(events, { timeout: 10_000 }).toEqual([1]);
    await writer.close('continue later');
  });
});
