import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { DailyBars } from '#domain/bars.ts';
import { Failure } from '#domain/failure.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { readCsv } from '../files/csvColumns.ts';
import { sessionOfText } from '../files/sessionOfText.ts';
import { onlyZipEntry } from '../files/zipEntry.ts';
import { actionsOf, factorAt, readFactors, type FactorRow } from './leanFactors.ts';
import { readTickers, type TickerSpell } from './leanTickers.ts';

/** Bars of a LEAN folder, and the archives that its map files name and it lacks. */
export interface LeanDailyFolder {
  readonly bars: readonly DailyBars[];
  readonly missing: readonly { readonly symbol: string; readonly path: string }[];
}

const header = 'session,open,high,low,close,volume\n';
const pricesPerDollar = 10_000;

/**
 * Daily bars of a LEAN folder of one market (`equity/usa` with `daily`, `map_files` and `factor_files`): raw prices with
 * the dividends and splits that its factors imply, and its own adjusted close. A map file says which ticker a company
 * traded under and when, so a ticker that was used again stays with its holder of the day. Companies without any archive
 * are not there; a stretch without its archive is named.
 * @throws Failure FILE_UNREADABLE for a folder that is none, BARS_UNREADABLE naming file and line
 */
export async function readLeanDaily(folder: string): Promise<LeanDailyFolder> {
  const names = await readdir(path.join(folder, 'map_files')).catch(() => {
    throw new Failure('FILE_UNREADABLE', `${folder}: is no folder of LEAN's with map_files, factor_files and daily`, {
      path: folder,
    });
  });
  const read = [];
  for (const name of names.filter((file) => file.endsWith('.csv')).toSorted()) {
    read.push(await readCompany(folder, name.slice(0, -'.csv'.length)));
  }
  return { bars: read.flatMap(({ bars }) => bars), missing: read.flatMap(({ missing }) => missing) };
}

async function readCompany(folder: string, company: string): Promise<LeanDailyFolder> {
  const symbol = company.toUpperCase();
  const spells = await readTickers(path.join(folder, 'map_files', `${company}.csv`));
  const archive = ({ ticker }: TickerSpell): string => path.join(folder, 'daily', `${ticker}.zip`);
  const missing = spells.filter((spell) => !existsSync(archive(spell)));
  if (missing.length === spells.length) return { bars: [], missing: [] };
  const factorsFile = path.join(folder, 'factor_files', `${company}.csv`);
  const factors = existsSync(factorsFile) ? await readFactors(factorsFile) : [];
  const rows: DailyRow[] = [];
  for (const spell of spells) if (!missing.includes(spell)) rows.push(...(await rowsOf(archive(spell), spell)));
  return {
    bars: rows.length === 0 ? [] : [barsOf(symbol, rows, factors)],
    missing: missing.map((spell) => ({ symbol, path: archive(spell) })),
  };
}

interface DailyRow {
  readonly session: SessionDate;
  readonly figures: readonly [open: number, high: number, low: number, close: number, volume: number];
}

async function rowsOf(archive: string, { from, to }: TickerSpell): Promise<readonly DailyRow[]> {
  const { bytes } = await onlyZipEntry(archive);
  const table = readCsv(Buffer.concat([Buffer.from(header), bytes]), (name) =>
    name === 'session' ? 'text' : 'figure',
  );
  const figure = (name: string, row: number): number => table.figures.get(name)![row]!;
  const rows: DailyRow[] = [];
  for (const [row, text] of table.texts.get('session')!.entries()) {
    const session = sessionOfText(text.slice(0, 'yyyymmdd'.length));
    if (session === undefined || table.unevenLines.includes(row + 2)) {
      const problem = `${JSON.stringify(text)} begins no daily bar`;
      throw new Failure('BARS_UNREADABLE', `${archive}, line ${row + 1}: ${problem}`, { path: archive, line: row + 1 });
    }
    if (session < from || session > to) continue;
    const dollars = (name: string): number => figure(name, row) / pricesPerDollar;
    const prices = [dollars('open'), dollars('high'), dollars('low'), dollars('close')] as const;
    rows.push({ session, figures: [...prices, figure('volume', row)] });
  }
  return rows;
}

function barsOf(symbol: string, rows: readonly DailyRow[], factors: readonly FactorRow[]): DailyBars {
  const sessions = rows.map(({ session }) => session);
  const column = (index: 0 | 1 | 2 | 3 | 4): Float64Array => Float64Array.from(rows, ({ figures }) => figures[index]);
  const close = column(3);
  return {
    symbol,
    sessions,
    open: column(0),
    high: column(1),
    low: column(2),
    close,
    adjustedClose: close.map((price, row) => price * factorAt(factors, sessions[row]!)),
    volume: column(4),
    actions: actionsOf(factors, sessions),
  };
}
