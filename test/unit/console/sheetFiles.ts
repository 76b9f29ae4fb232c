import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { randomNumbers, weekdays } from '../pipelines/randomBars.ts';

/** Files that a tear sheet is made of, by what they hold. */
export interface WrittenFiles {
  readonly returns: string;
  readonly benchmark: string;
  readonly trades: string;
}

/** Writes 300 sessions of returns, a benchmark and executions, all random. */
export async function writtenFiles(folder: string): Promise<WrittenFiles> {
  const next = randomNumbers(4);
  const sessions = weekdays(300);
  const csv = (header: string, rowOf: (session: string, row: number) => string): string =>
    `${[header, ...sessions.map(rowOf)].join('\n')}\n`;
  const files = {
    returns: csv('date,momentum', (session) => `${session},${(0.001 + 0.02 * (next() - 0.5)).toFixed(6)}`),
    benchmark: csv('date,index', (session) => `${session},${(0.02 * (next() - 0.5)).toFixed(6)}`),
    trades: csv(
      'date,symbol,side,quantity,price,commission,slippage',
      (session, row) => `${session},AAA,${row % 2 === 0 ? 'buy' : 'sell'},10,${(50 + 5 * next()).toFixed(2)},1,0.5`,
    ),
  };
  const written = Object.entries(files).map(async ([name, text]) => {
    const file = path.join(folder, `${name}.csv`);
    await writeFile(file, text);
    return [name, file] as const;
  });
  return Object.fromEntries(await Promise.all(written)) as unknown as WrittenFiles;
}
