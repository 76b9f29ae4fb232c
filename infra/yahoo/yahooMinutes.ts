import type { MarketBar } from '#domain/marketEvents.ts';
import type { VendorHttp } from '../http/vendorHttp.ts';
import type { VendorBar } from '../providers/barColumns.ts';
import { yahooChart } from './yahooChart.ts';

const minuteMs = 60_000;
// A question reaches back at least so far: an illiquid stock has no bar of every minute.
const reachMs = 30 * minuteMs;

/**
 * Bars of a minute that were completed since they were asked for last. The newest row still changes, so that a bar is over
 * once a later one stands; bars of before the first question are not told.
 */
export class YahooMinutes {
  readonly #http: VendorHttp;
  readonly #base: string;
  /** Beginning of the last bar that was told of each symbol, or stood before the first question. */
  readonly #toldMs = new Map<string, number>();

  constructor(http: VendorHttp, base: string) {
    this.#http = http;
    this.#base = base;
  }

  /** @throws Failure PROVIDER_REFUSED for a symbol that Yahoo does not know, and what VendorHttp throws */
  async ask(symbol: string, nowMs: () => number): Promise<readonly MarketBar[]> {
    const known = this.#toldMs.get(symbol);
    const toMs = nowMs();
    // What was missed since the last bar comes along, however long ago that was.
    const fromMs = Math.min(known ?? Number.POSITIVE_INFINITY, toMs - reachMs);
    const rows = await yahooChart(this.#http, this.#base, { symbol, interval: '1m', fromMs, toMs });
    if (!rows) {
      const url = new URL(this.#base);
      throw this.#http.failure('PROVIDER_REFUSED', url, { problem: `it knows no ${symbol}` });
    }
    const receivedMs = nowMs();
    // A minute without a trade has no figures; the last row may stand for a single trade.
    const complete = rows.filter(isWhole).slice(0, -1);
    const lastMs = complete.at(-1)?.startMs;
    if (lastMs !== undefined) this.#toldMs.set(symbol, Math.max(known ?? lastMs, lastMs));
    if (known === undefined) return [];
    return complete
      .filter(({ startMs }) => startMs > known)
      .map(({ startMs, open, high, low, close, volume }) => ({
        kind: 'bar',
        symbol,
        startMs,
        lengthMs: minuteMs,
        open,
        high,
        low,
        close,
        volume,
        venueMs: startMs + minuteMs,
        receivedMs,
      }));
  }
}

function isWhole({ open, high, low, close, volume }: VendorBar): boolean {
  return [open, high, low, close, volume].every(Number.isFinite);
}
