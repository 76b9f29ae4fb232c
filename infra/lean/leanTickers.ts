import { readFile } from 'node:fs/promises';
import { Failure } from '#domain/failure.ts';
import { sessionDate, type SessionDate } from '#domain/sessionDate.ts';
import { sessionOfText } from '../files/sessionOfText.ts';

/** A time during which a company traded under a ticker, both days inclusive. */
export interface TickerSpell {
  /** Lower case, as LEAN names its archives. */
  readonly ticker: string;
  readonly from: SessionDate;
  readonly to: SessionDate;
}

/**
 * Reads a LEAN map file: `yyyymmdd,ticker[,exchange]`. The first line is the day of listing; each after it says under
 * which ticker the company traded until that day.
 * @throws Failure BARS_UNREADABLE naming the line
 */
export async function readTickers(path: string): Promise<readonly TickerSpell[]> {
  const lines = (await readFile(path, 'utf8')).trim().split(/\r?\n/);
  const rows = lines.map((line, index) => {
    const [day = '', ticker = ''] = line.split(',');
    const until = sessionOfText(day);
    if (until !== undefined && ticker !== '') return { until, ticker: ticker.toLowerCase() };
    const problem = `${JSON.stringify(line)} is no day and ticker`;
    throw new Failure('BARS_UNREADABLE', `${path}, line ${index + 1}: ${problem}`, { path, line: index + 1 });
  });
  return rows.slice(1).map(({ ticker, until }, index) => ({
    ticker,
    from: index === 0 ? rows[0]!.until : dayAfter(rows[index]!.until),
    to: until,
  }));
}

function dayAfter(day: SessionDate): SessionDate {
  return sessionDate(new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10));
}
