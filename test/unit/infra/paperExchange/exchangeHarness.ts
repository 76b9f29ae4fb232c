import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CostRates } from '#domain/costs.ts';
import { money, shares } from '#domain/money.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { PaperExchange } from '#infra/paperExchange/exchange.ts';
import type { OrderTerms } from '#infra/paperExchange/events.ts';
import { parseRecordedBars } from '#infra/paperExchange/recordedBars.ts';
import { recordedRows } from '#test/integration/paperExchange/recording.ts';

/** Trading that costs nothing, so that expected figures are the recording's own. */
const freeTrading: CostRates = { halfSpreadBasisPoints: 0, commissionBasisPoints: 0 };

/** The recording of `recording.ts`. */
export const recording = parseRecordedBars(
  ['symbol,date,open,high,low,close,volume,adjusted', ...recordedRows].join('\n'),
);

/** An exchange in a directory of its own, with one account `book` of a million dollars before the open of 2020-03-13. */
export function openExchange(
  options: { readonly rates?: CostRates; readonly buyingPowerMultiple?: 1 | 2; readonly home?: string } = {},
): { readonly exchange: PaperExchange; readonly home: string } {
  const home = options.home ?? mkdtempSync(path.join(tmpdir(), 'plimsoll-exchange-'));
  const exchange = new PaperExchange({
    journalPath: path.join(home, 'journal.jsonl'),
    bars: recording,
    rules: { participationFraction: 0.1, rates: options.rates ?? freeTrading },
    buyingPowerMultiple: options.buyingPowerMultiple ?? 1,
  });
  exchange.openAccount({ account: 'book', cash: money(10_000_000_000), firstSession: sessionDate('2020-03-13') });
  return { exchange, home };
}

/** Ends an exchange and removes its directory. */
export function removeExchange(opened: { readonly exchange: PaperExchange; readonly home: string }): void {
  opened.exchange.close();
  rmSync(opened.home, { recursive: true, force: true });
}

let sequence = 0;

/** A market order for 100 AAPL in the session, unless told otherwise. */
export function terms(changes: Partial<OrderTerms> = {}): OrderTerms {
  sequence += 1;
  return {
    clientOrderId: `order-${sequence}`,
    symbol: 'AAPL',
    side: 'buy',
    quantity: shares(100),
    timeInForce: 'day',
    ...changes,
  };
}
