import { readFile } from 'node:fs/promises';
import type { ActionColumns } from '#domain/bars.ts';
import { Failure } from '#domain/failure.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { sessionOfText } from '../files/sessionOfText.ts';

/** What LEAN multiplies raw prices with, up to and including a day. */
export interface FactorRow {
  readonly to: SessionDate;
  /** Takes back dividends. */
  readonly priceFactor: number;
  /** Takes back splits: 0.5 before a two-for-one. */
  readonly splitFactor: number;
  /** Raw close on the day. */
  readonly referencePrice: number;
}

/**
 * Reads a LEAN factor file: `yyyymmdd,price factor,split factor,reference price`, oldest first, the last far in the future.
 * @throws Failure BARS_UNREADABLE naming the line
 */
export async function readFactors(path: string): Promise<readonly FactorRow[]> {
  const lines = (await readFile(path, 'utf8')).trim().split(/\r?\n/);
  return lines.map((line, index) => {
    const [day = '', ...cells] = line.split(',');
    const to = sessionOfText(day);
    const [priceFactor = Number.NaN, splitFactor = Number.NaN, referencePrice = 0] = cells.map(Number);
    if (to !== undefined && priceFactor > 0 && splitFactor > 0 && referencePrice >= 0) {
      return { to, priceFactor, splitFactor, referencePrice };
    }
    const problem = `${JSON.stringify(line)} is no day with its factors`;
    throw new Failure('BARS_UNREADABLE', `${path}, line ${index + 1}: ${problem}`, { path, line: index + 1 });
  });
}

/** What a raw price of a session is multiplied with; 1 where the factors do not reach. */
export function factorAt(factors: readonly FactorRow[], session: SessionDate): number {
  const row = factors.find(({ to }) => session <= to);
  return row ? row.priceFactor * row.splitFactor : 1;
}

/**
 * The actions that factors imply: where they change from one row to the next, the session after the first row's day is
 * the ex-date. A dividend is the part of the reference price that the price factor takes off.
 * @param sessions ascending
 */
export function actionsOf(factors: readonly FactorRow[], sessions: readonly SessionDate[]): ActionColumns {
  const dividend = new Float64Array(sessions.length);
  const splitRatio = new Float64Array(sessions.length).fill(1);
  for (const [index, row] of factors.entries()) {
    const next = factors[index + 1];
    const at = sessions.findIndex((session) => session > row.to);
    if (!next || at <= 0) continue;
    const ratio = shareRatio(next.splitFactor / row.splitFactor);
    splitRatio[at] = splitRatio[at]! * ratio;
    dividend[at] = dividend[at]! + (row.referencePrice * (1 - row.priceFactor / next.priceFactor)) / ratio;
  }
  return { dividend, splitRatio };
}

const wholeSharesMax = 50;
// Factors are printed with eight decimals; the smallest of a much-split share have three digits left of them.
const printedTolerance = 1e-3;

/** The ratio of whole shares that a quotient of printed factors stands for. */
function shareRatio(quotient: number): number {
  for (let old = 1; old <= wholeSharesMax; old += 1) {
    const ratio = Math.round(quotient * old) / old;
    if (ratio > 0 && Math.abs(ratio / quotient - 1) <= printedTolerance) return ratio;
  }
  return quotient;
}
