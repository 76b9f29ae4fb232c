import { readFile } from 'node:fs/promises';
import { Failure } from '#domain/failure.ts';

/**
 * Weights of a CSV file with a line `name,weight` for every name, under a heading of its own.
 * @param names every one that must be there, and no other
 * @returns shape [names], in their order; finite, of any sign and sum
 * @throws Failure FILE_UNREADABLE for a file that is missing; RISK_WEIGHTS_UNREADABLE naming what is wrong otherwise
 */
export async function readWeightFile(path: string, names: readonly string[]): Promise<Float64Array> {
  const [, ...lines] = (await textOf(path)).split(/\r?\n/).filter((line) => line.trim() !== '');
  const weights = new Map<string, number>();
  for (const line of lines) {
    const [name = '', figure = '', ...more] = line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    const weight = figure === '' ? Number.NaN : Number(figure);
    if (more.length > 0 || !Number.isFinite(weight)) throw unreadable(path, `no name and weight: ${line}`);
    if (weights.has(name)) throw unreadable(path, `${name} has two weights`);
    weights.set(name, weight);
  }
  const missing = names.filter((name) => !weights.has(name));
  const unknown = [...weights.keys()].filter((name) => !names.includes(name));
  if (missing.length > 0) throw unreadable(path, `no weight for ${missing.join(', ')}`);
  if (unknown.length > 0) throw unreadable(path, `no returns of ${unknown.join(', ')}`);
  return Float64Array.from(names, (name) => weights.get(name)!);
}

function unreadable(path: string, problem: string): Failure {
  return new Failure('RISK_WEIGHTS_UNREADABLE', `${path}: ${problem}`, { path });
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Failure('FILE_UNREADABLE', `${path}: ${(error as Error).message}`, { path }, { cause: error });
  }
}
