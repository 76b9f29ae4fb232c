import { Failure } from '#domain/failure.ts';
import { readNamedFigures } from './namedFigures.ts';

/**
 * Weights of a CSV file with a line `name,weight` for every name, under a heading of its own.
 * @param names every one that must be there, and no other
 * @returns shape [names], in their order; finite, of any sign and sum
 * @throws Failure FILE_UNREADABLE for a file that is missing; RISK_WEIGHTS_UNREADABLE naming what is wrong otherwise
 */
export async function readWeightFile(path: string, names: readonly string[]): Promise<Float64Array> {
  const weights = await readNamedFigures(path, 'RISK_WEIGHTS_UNREADABLE');
  const missing = names.filter((name) => !weights.has(name));
  const unknown = [...weights.keys()].filter((name) => !names.includes(name));
  if (missing.length > 0) throw unreadable(path, `no weight for ${missing.join(', ')}`);
  if (unknown.length > 0) throw unreadable(path, `no returns of ${unknown.join(', ')}`);
  return Float64Array.from(names, (name) => weights.get(name)!);
}

function unreadable(path: string, problem: string): Failure {
  return new Failure('RISK_WEIGHTS_UNREADABLE', `${path}: ${problem}`, { path });
}
