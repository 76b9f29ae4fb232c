import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** Rows that are wanted. */
export interface BarSelection {
  readonly symbol?: string | undefined;
  /** First session, inclusive. */
  readonly from?: string | undefined;
  /** Last session, inclusive. */
  readonly to?: string | undefined;
  readonly limit: number;
}

/** One bar of a snapshot; dividend and split ratio are null where prices come adjusted for splits. */
export interface BarRow {
  readonly symbol: string;
  readonly session: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly adjustedClose: number;
  readonly volume: number;
  readonly dividend: number | null;
  readonly splitRatio: number | null;
}

/**
 * Asks DuckDB for bars in the Parquet files of a snapshot's parts.
 * @param files bytes of parts with bars and with adjusted closes, of the same years
 * @returns by symbol and session, the first `limit` of them
 */
export async function queryBars(
  files: { readonly bars: readonly Uint8Array[]; readonly adjusted: readonly Uint8Array[] },
  selection: BarSelection,
): Promise<readonly BarRow[]> {
  if (files.bars.length === 0) return [];
  const folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-bars-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', autoinstall_known_extensions: 'false' });
  try {
    await Promise.all(
      Object.entries(files).flatMap(([kind, parts]) =>
        parts.map((bytes, index) => writeFile(path.join(folder, `${kind}-${index}.parquet`), bytes)),
      ),
    );
    const connection = await instance.connect();
    try {
      const { where, values } = conditions(selection);
      const of = (kind: string): string => `read_parquet('${path.join(folder, `${kind}-*.parquet`)}')`;
      const answer = await connection.runAndReadAll(
        `SELECT symbol, session, open, high, low, close, "adjustedClose", volume,
           CASE WHEN isnan(dividend) THEN NULL ELSE dividend END AS dividend,
           CASE WHEN isnan("splitRatio") THEN NULL ELSE "splitRatio" END AS "splitRatio"
         FROM ${of('bars')} AS printed JOIN ${of('adjusted')} AS adjusted USING (symbol, session)
         ${where} ORDER BY symbol, session LIMIT ${selection.limit}`,
        values,
      );
      return answer.getRowObjectsJS() as unknown as readonly BarRow[];
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}

function conditions({ symbol, from, to }: BarSelection): {
  readonly where: string;
  readonly values: Record<string, string>;
} {
  const values = {
    ...(symbol !== undefined && { symbol }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
  const tests = { symbol: 'symbol = $symbol', from: 'session >= $from', to: 'session <= $to' };
  const asked = (Object.keys(values) as (keyof typeof tests)[]).map((name) => tests[name]);
  return { where: asked.length === 0 ? '' : `WHERE ${asked.join(' AND ')}`, values };
}
