import { Failure } from '#domain/failure.ts';
import { readNamedColumns } from './namedColumns.ts';

/** Where a company's business lies, by the Global Industry Classification Standard or the file's own scheme. */
export interface SectorOf {
  readonly sector: string;
  readonly industry: string;
}

/**
 * Reads the sector of each symbol as the file's day has it: sectors change seldom, and the file says nothing of earlier
 * ones.
 * @throws Failure UNIVERSE_INVALID naming the file
 */
export async function readSectors(path: string): Promise<ReadonlyMap<string, SectorOf>> {
  const rows = await readNamedColumns(path, {
    symbol: ['symbol', 'ticker'],
    sector: ['sector', 'gics sector'],
    industry: ['industry', 'gics sub-industry'],
  }).catch((error: unknown) => {
    const what = error instanceof Error ? error.message : String(error);
    throw new Failure('UNIVERSE_INVALID', `${path}: ${what}`, { path });
  });
  return new Map(rows.map(({ symbol, sector, industry }) => [symbol, { sector, industry }]));
}
