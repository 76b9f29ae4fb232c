import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contractTable } from '#infra/fileDrop/contractTable.ts';
import { dailyFileFormat } from '#infra/fileDrop/fileFormats.ts';
import { readDailyFiles } from '#infra/fileDrop/readDailyFiles.ts';
import { plimsoll } from './commandLine.ts';

const recorded = '../shared/data/daily_us_sp500';

describe('data convert', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-convert-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const readBack = async (output: string) => (await readDailyFiles([output], dailyFileFormat('plimsoll'))).bars;

  it.each(['csv', 'parquet'])('writes %s that reads back equal, whatever the figures are', async (ending) => {
    const crsp = path.join(folder, 'crsp.csv');
    const header = 'TICKER,date,OPENPRC,ASKHI,BIDLO,PRC,VOL,DIVAMT,FACPR';
    writeFileSync(
      crsp,
      `${header}\nIBM,20230103,0.1,,1e-7,-0.3,7,,1.0\nIBM,20230103,1,1,1,1,1,0.25,\nMO,20230104,1,1,1,1,1,,\n`,
    );
    const output = path.join(folder, `out.${ending}`);
    const { out, exitCode } = await plimsoll(`data convert ${crsp} --format wrds-crsp --output ${output} --json`);
    expect([exitCode, JSON.parse(out)]).toEqual([
      0,
      { format: 'wrds-crsp', output, symbols: 2, rows: 3, notData: [], unreadableRows: [] },
    ]);
    const given = (await readDailyFiles([crsp], dailyFileFormat('wrds-crsp'))).bars;
    expect(await readBack(output)).toEqual(given);
  });

  it('keeps prices that come adjusted without inventing actions', async () => {
    const yahoo = path.join(folder, 'BBB.csv');
    writeFileSync(yahoo, 'Date,Open,High,Low,Close,Adj Close,Volume\n2023-01-03,1,2,0.5,1.5,1.25,9\n');
    await plimsoll(`data convert ${yahoo} --format yahoo --output ${folder}/out.parquet`);
    const [bars] = await readBack(`${folder}/out.parquet`);
    expect(bars).toMatchObject({ symbol: 'BBB', adjustedClose: Float64Array.of(1.25) });
    expect(bars).not.toHaveProperty('actions');
  });

  it('names what it could not read', async () => {
    const file = path.join(folder, 'bars.csv');
    writeFileSync(file, 'symbol,session,open,high,low,close,volume,adjusted_close\nA,never,1,1,1,1,1,1\n');
    const broken = path.join(folder, 'broken.csv');
    writeFileSync(broken, 'hello\n');
    const { out } = await plimsoll(`data convert ${file} ${broken} --output ${folder}/out.csv`);
    expect(out).toMatch(/left out: .*broken\.csv: its header lacks/);
    expect(out).toMatch(/left out: .*bars\.csv, line 2: "never" is no date/);
  });

  it('does not mix bars with actions and bars without', () => {
    const figures = { open: one(), high: one(), low: one(), close: one(), adjustedClose: one(), volume: one() };
    const bars = { symbol: 'A', sessions: [], ...figures };
    const mixed = [bars, { ...bars, actions: { dividend: one(), splitRatio: one() } }];
    expect(() => contractTable(mixed)).toThrow(RangeError);
  });

  it.skipIf(!existsSync(recorded))(`brings ${recorded} into one file that reads back equal`, async () => {
    await plimsoll(`data convert ${recorded} --format pooksoft --output ${folder}/out.parquet`);
    const given = (await readDailyFiles([recorded], dailyFileFormat('pooksoft'))).bars;
    expect((await readBack(`${folder}/out.parquet`)).length).toBe(61);
    expect(await readBack(`${folder}/out.parquet`)).toEqual(given);
  });
});

function one(): Float64Array {
  return Float64Array.of(1);
}
