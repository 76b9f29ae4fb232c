import type { DenialCode } from './denials.ts';
import type { ExposureBook } from './exposureBook.ts';
import type { PreTradeLimits } from './preTradeLimits.ts';

/**
 * One limit beside what stands already: what a purchase of n shares would make of it is (standing + n x perShare) over
 * scale, so that the largest n within the limit needs no search.
 */
export interface ExposureLimit {
  readonly code: DenialCode;
  /** A fraction, or ten-thousandths of a dollar where the scale is 1. */
  readonly max: number;
  readonly standing: number;
  readonly perShare: number;
  readonly scale: number;
  /** Which part of the account, where there is more than one of its kind. */
  readonly of?: string;
}

/** What is to be bought. */
export interface Purchase {
  readonly symbol: string;
  /** Ten-thousandths of a dollar; the worse of the reference and the last price. */
  readonly price: number;
}

const unlimited = Number.POSITIVE_INFINITY;

/** Every limit of size that a purchase meets, narrowest subject first. */
export function limitsOnPurchase(
  book: ExposureBook,
  { symbol, price }: Purchase,
  limits: PreTradeLimits,
): readonly ExposureLimit[] {
  const { tradeRisk } = limits;
  const met: ExposureLimit[] = [];
  if (tradeRisk) {
    const perShare = price * tradeRisk.stopLossFraction;
    met.push({ code: 'TRADE_RISK_OVER_LIMIT', max: tradeRisk.fractionMax, standing: 0, perShare, scale: book.equity });
  }
  met.push(positionLimit(book, { symbol, price }, limits));
  addLimitsOnSums(met, book, { symbol, price, limits });
  const max = Math.max(0, book.spendable);
  met.push({ code: 'BUYING_POWER_EXCEEDED', max, standing: 0, perShare: price, scale: 1 });
  return met;
}

function positionLimit(book: ExposureBook, { symbol, price }: Purchase, limits: PreTradeLimits): ExposureLimit {
  const standing = book.heldOf(symbol) * price + book.buyingOf(symbol);
  return {
    code: 'POSITION_OVER_LIMIT',
    max: limits.positionFractionMax,
    standing,
    perShare: price,
    scale: book.equity,
  };
}

/** Limits on what the account holds together; a price of 0 asks how they stand. */
function addLimitsOnSums(
  met: ExposureLimit[],
  book: ExposureBook,
  { symbol, price: perShare, limits }: Purchase & { readonly limits: PreTradeLimits },
): void {
  const { sectors, grossNotionalMax, netFractionMax, leverageMax, turnoverFractionMax } = limits;
  const { gross, equity: scale } = book;
  const sector = sectors?.bySymbol[symbol];
  if (sectors && sector !== undefined) {
    const standing = book.sectorValue(sector);
    met.push({ code: 'SECTOR_OVER_LIMIT', max: sectors.fractionMax, standing, perShare, scale, of: sector });
  }
  if (grossNotionalMax !== undefined) {
    met.push({ code: 'GROSS_OVER_LIMIT', max: grossNotionalMax, standing: gross, perShare, scale: 1 });
  }
  if (netFractionMax !== undefined) {
    met.push({ code: 'NET_OVER_LIMIT', max: netFractionMax, standing: book.net, perShare, scale });
  }
  met.push({ code: 'LEVERAGE_OVER_LIMIT', max: leverageMax, standing: gross, perShare, scale });
  if (turnoverFractionMax !== undefined) {
    met.push({ code: 'TURNOVER_OVER_LIMIT', max: turnoverFractionMax, standing: book.turnover, perShare, scale });
  }
}

/** Limits on what a symbol's position and the account's sums are now, whatever brought them there. */
export function limitsStanding(book: ExposureBook, symbol: string, limits: PreTradeLimits): readonly ExposureLimit[] {
  const price = book.markOf(symbol);
  const met: ExposureLimit[] = [];
  if (price !== undefined) {
    const position = positionLimit(book, { symbol, price }, limits);
    met.push({ ...position, standing: Math.abs(position.standing), of: symbol });
  }
  addLimitsOnSums(met, book, { symbol, price: 0, limits });
  return met;
}

/** What a number of shares would make of a limit's figure. Without equity any exposure is infinitely much. */
export function figureOf({ standing, perShare, scale }: ExposureLimit, shares: number): number {
  return scale > 0 ? (standing + shares * perShare) / scale : unlimited;
}

/** Whether the limit holds with so many shares more; without equity it never does. */
export function allows(limit: ExposureLimit, shares: number): boolean {
  return limit.scale > 0 && figureOf(limit, shares) <= limit.max;
}

/** The most shares, at most those asked, with which the limit holds: whole, rounded down; 0 when none do. */
export function mostWithin(limit: ExposureLimit, asked: number): number {
  if (allows(limit, asked)) return asked;
  const { max, scale, standing, perShare } = limit;
  const room = scale > 0 && perShare > 0 ? (max * scale - standing) / perShare : 0;
  let most = Number.isFinite(room) ? Math.min(asked, Math.max(0, Math.floor(room))) : 0;
  // Division rounds: the figure itself decides.
  while (most > 0 && !allows(limit, most)) most -= 1;
  while (most + 1 < asked && allows(limit, most + 1)) most += 1;
  return most;
}

/** A limit and a figure as people read them: dollars for amounts. */
export function limitTexts(limit: ExposureLimit, shares: number): { readonly limit: string; readonly actual: string } {
  const text = (figure: number): string =>
    String(limit.scale === 1 && Number.isSafeInteger(figure) ? figure / 10_000 : figure);
  const actual = text(figureOf(limit, shares));
  return { limit: text(limit.max), actual: limit.of === undefined ? actual : `${actual} in ${limit.of}` };
}
