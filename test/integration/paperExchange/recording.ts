import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { sessionDate } from '#domain/sessionDate.ts';

/** Four sessions of two symbols; every figure is round, so that fills can be worked out by hand. */
export const recordedRows = [
  'AAPL,2020-03-12,100,110,95,100,1000000,100',
  'AAPL,2020-03-13,102,108,98,106,2000000,106',
  'AAPL,2020-03-16,90,96,84,86,4000000,86',
  'AAPL,2020-03-17,88,99,87,98,1000000,98',
  'NVDA,2020-03-12,50,55,45,52,100000,52',
  'NVDA,2020-03-13,53,56,51,55,100000,55',
  'NVDA,2020-03-16,40,44,36,38,200000,38',
  'NVDA,2020-03-17,39,45,39,44,100000,44',
] as const;

/** Writes the recording as a CSV file and gives its path. */
export function writeRecording(folder: string): string {
  const file = path.join(folder, 'bars.csv');
  writeFileSync(file, ['symbol,date,open,high,low,close,volume,adjusted', ...recordedRows, ''].join('\n'));
  return file;
}

/** The recording's second, third and fourth sessions. */
export const friday = sessionDate('2020-03-13');
export const monday = sessionDate('2020-03-16');
export const tuesday = sessionDate('2020-03-17');
