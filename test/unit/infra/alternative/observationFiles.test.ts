import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, test } from 'vitest';
import { observationFiles } from '#infra/alternative/observationFiles.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-observations-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(lines: readonly string[]): string {
  const place = path.join(folder, `${lines.length}-${lines.join('').length}.csv`);
  writeFileSync(place, `${lines.join('\n')}\n`);
  return place;
}

const always = { arrivedFromMs: Number.NEGATIVE_INFINITY, arrivedBeforeMs: Number.POSITIVE_INFINITY };

test('observations come by symbol in the order of arrival, those of no symbol with each', async () => {
  const news = file([
    'Ticker,Published_At,Release_Time,Score',
    'AAA,2024-11-27 10:05:00,2024-11-26 16:00:00,0.5',
    'BBB,2024-11-27T15:01:00Z,2024-11-26 16:00:00,-0.25',
    ',2024-11-27 10:00:00,2024-12-18 14:00:00,1',
  ]);
  const found = await observationFiles({ news }).observations({ set: 'news', symbols: ['AAA', 'BBB'], ...always });
  const tenMs = Date.parse('2024-11-27T15:00:00Z');
  const general = { arrivedMs: tenMs, eventMs: Date.parse('2024-12-18T19:00:00Z'), value: 1 };
  const [generalOfAaa, own] = found.get('AAA')!;
  expect(generalOfAaa).toMatchObject(general);
  expect(own).toMatchObject({ arrivedMs: tenMs + 300_000, eventMs: Date.parse('2024-11-26T21:00:00Z'), value: 0.5 });
  expect(found.get('BBB')!.map(({ value }) => value)).toEqual([1, -0.25]);
});

test('only what arrived in the time asked for is given', async () => {
  const counts = file(['arrived,count', '2024-11-27 10:00:00,1', '2024-11-27 11:00:00,2', '2024-11-27 12:00:00,3']);
  const hour = (text: string): number => Date.parse(`2024-11-27T${text}:00:00Z`);
  const request = { set: 'counts', symbols: ['AAA'], arrivedFromMs: hour('16'), arrivedBeforeMs: hour('17') };
  const found = await observationFiles({ counts }).observations(request);
  expect(found.get('AAA')!.map(({ value, eventMs }) => [value, eventMs])).toEqual([[2, hour('16')]]);
});

it.each([
  ['without a time of arrival', ['symbol,value', 'AAA,1'], 'line 1'],
  ['without a value', ['symbol,arrived', 'AAA,2024-11-27 10:00:00'], 'line 1'],
  ['with a time that is none', ['arrived,value', '2024-11-27 10:00:00,1', 'yesterday,2'], 'line 3'],
  ['with a value that is none', ['arrived,value', '2024-11-27 10:00:00,many'], 'line 2'],
  ['with a row cut short', ['arrived,value', '2024-11-27 10:00:00'], 'line 2'],
])('a file %s is refused at its line', async (_, lines, place) =>
  expect(
    observationFiles({ set: file(lines) }).observations({ set: 'set', symbols: ['AAA'], ...always }),
  ).rejects.toThrow(
    expect.objectContaining({ code: 'OBSERVATIONS_UNREADABLE', message: expect.stringContaining(place) as unknown }),
  ),
);

test('a set that no file holds, and a file that is not there, are told', async () => {
  const asked = { set: 'news', symbols: [], ...always };
  await expect(observationFiles({}).observations(asked)).rejects.toMatchObject({ code: 'OBSERVATIONS_UNREADABLE' });
  await expect(observationFiles({ news: path.join(folder, 'none.csv') }).observations(asked)).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
  });
});
