import type { SymbolsRequest } from '#activities/ports/marketDataProvider.ts';
import type { CorporateAction } from '#domain/corporateAction.ts';
import { unreadable } from '../http/vendorAnswer.ts';
import { massiveDividendsSchema, massiveSplitsSchema } from './massiveMarketWire.ts';
import { massivePages } from './massivePages.ts';
import type { MassiveSource } from './massivePages.ts';

// Addresses stay short with so many symbols at a time.
const symbolsPerQuestion = 100;
const rowsPerPage = '5000';

/**
 * Dividends and splits of symbols by ex-date. Dividends are as they were paid; one in another currency than dollars, or in
 * one that the vendor does not name, is told and not computed with. Dividends in shares are among the splits.
 */
export async function massiveActions(
  source: MassiveSource,
  { symbols, range }: SymbolsRequest,
): Promise<readonly CorporateAction[]> {
  const found: CorporateAction[] = [];
  for (let first = 0; first < symbols.length; first += symbolsPerQuestion) {
    const request = { symbols: symbols.slice(first, first + symbolsPerQuestion), range };
    found.push(...(await dividends(source, request)), ...(await splits(source, request)));
  }
  return found.filter(({ exDate }) => exDate >= range.from && exDate <= range.to);
}

async function dividends(source: MassiveSource, request: SymbolsRequest): Promise<readonly CorporateAction[]> {
  const found: CorporateAction[] = [];
  const query = queryOf(request, 'ex_dividend_date');
  const pages = massivePages(source, { path: '/stocks/v1/dividends', query, schema: massiveDividendsSchema });
  for await (const { url, page } of pages) {
    for (const { ticker, ex_dividend_date: exDate, cash_amount: amount, currency } of page.results) {
      const symbol = askedFor(ticker, { source, url, request });
      const vendorKind = `dividend in ${currency ?? 'a currency not named'}`;
      found.push(
        currency === 'USD'
          ? { kind: 'cashDividend', symbol, exDate, amount }
          : { kind: 'other', symbol, exDate, vendorKind },
      );
    }
  }
  return found;
}

async function splits(source: MassiveSource, request: SymbolsRequest): Promise<readonly CorporateAction[]> {
  const found: CorporateAction[] = [];
  const query = queryOf(request, 'execution_date');
  const pages = massivePages(source, { path: '/stocks/v1/splits', query, schema: massiveSplitsSchema });
  for await (const { url, page } of pages) {
    for (const { ticker, execution_date: exDate, split_from: oldShares, split_to: newShares } of page.results) {
      const symbol = askedFor(ticker, { source, url, request });
      found.push({ kind: 'split', symbol, exDate, ratio: newShares / oldShares });
    }
  }
  return found;
}

function queryOf({ symbols, range }: SymbolsRequest, dateField: string): Readonly<Record<string, string>> {
  return {
    'ticker.any_of': symbols.join(','),
    [`${dateField}.gte`]: range.from,
    [`${dateField}.lte`]: range.to,
    limit: rowsPerPage,
    sort: `ticker.asc,${dateField}.asc`,
  };
}

interface Asked {
  readonly source: MassiveSource;
  readonly url: URL;
  readonly request: SymbolsRequest;
}

function askedFor(ticker: string, { source: { http }, url, request: { symbols } }: Asked): string {
  if (symbols.includes(ticker)) return ticker;
  throw unreadable({ http, url }, `results: ${ticker} was never asked for`);
}
