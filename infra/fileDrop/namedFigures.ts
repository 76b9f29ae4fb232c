import { readFile } from 'node:fs/promises';
import { Failure } from '#domain/failure.ts';
import { withFile } from '../files/withFile.ts';

/**
 * Figures of a CSV file with a line `name,figure` each, under a heading of its own.
 * @param code of the failure that names what is wrong
 * @returns finite, by name, in the file's order
 * @throws Failure FILE_UNREADABLE for a file that is missing, else the one given: a line that is no name and figure, or a
 *   name that comes twice
 */
export async function readNamedFigures(
  path: string,
  code: 'RISK_WEIGHTS_UNREADABLE' | 'PORTFOLIO_INPUT_INVALID',
): Promise<ReadonlyMap<string, number>> {
  const [, ...lines] = await linesOf(path);
  const figures = new Map<string, number>();
  for (const line of lines) {
    const [name = '', cell = '', ...more] = cellsOf(line);
    const figure = cell === '' ? Number.NaN : Number(cell);
    if (more.length > 0 || name === '' || !Number.isFinite(figure)) {
      throw new Failure(code, `${path}: no name and figure: ${line}`, { path });
    }
    if (figures.has(name)) throw new Failure(code, `${path}: ${name} comes twice`, { path, name });
    figures.set(name, figure);
  }
  return figures;
}

/** The names of the columns of a CSV file. @throws Failure FILE_UNREADABLE for a file that is missing */
export async function headingOf(path: string): Promise<readonly string[]> {
  const [heading = ''] = await linesOf(path);
  return cellsOf(heading);
}

function cellsOf(line: string): readonly string[] {
  return line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}

async function linesOf(path: string): Promise<readonly string[]> {
  return withFile(path, async () => (await readFile(path, 'utf8')).split(/\r?\n/).filter((line) => line.trim() !== ''));
}
