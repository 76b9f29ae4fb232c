import { Agent } from 'undici';
import type { Quote } from '#domain/marketEvents.ts';
import { exchange } from '../http/exchange.ts';
import { checkAnswer, jsonOf, unreadable } from '../http/vendorAnswer.ts';
import type { VendorHttp } from '../http/vendorHttp.ts';
import { yahooHeaders, yahooSymbol } from './yahooChart.ts';
import { yahooQuotesSchema } from './yahooWire.ts';

/** Where Yahoo's quotes are asked. */
export interface YahooQuotesOptions {
  readonly http: VendorHttp;
  readonly url: string;
  /** Sets the cookie that quotes are tied to. */
  readonly cookieUrl: string;
  readonly cookieTimeoutMs: number;
}

/** Yahoo tells quotes only to whoever brings its cookie and the crumb that belongs to it. */
interface Pass {
  readonly cookie: string;
  readonly crumb: string;
}

const sharesPerLot = 100;

/** Quotes of Yahoo as they stand when asked. It stamps none of them. */
export class YahooQuotes {
  readonly #options: YahooQuotesOptions;
  #pass: Pass | undefined;

  constructor(options: YahooQuotesOptions) {
    this.#options = options;
  }

  /**
   * The quotes of all symbols, in one question.
   * @throws Failure PROVIDER_REFUSED for a symbol that Yahoo does not know, PROVIDER_CREDENTIALS_REFUSED when it takes the
   *   pass no longer, and what VendorHttp throws; after any failure the next question fetches a pass of its own
   */
  async ask(symbols: readonly string[], nowMs: () => number): Promise<readonly Quote[]> {
    try {
      this.#pass ??= await this.#fetchPass();
      return await this.#askWith(this.#pass, symbols, nowMs);
    } catch (error) {
      this.#pass = undefined;
      throw error;
    }
  }

  async #askWith({ cookie, crumb }: Pass, symbols: readonly string[], nowMs: () => number): Promise<readonly Quote[]> {
    const { http, url: base } = this.#options;
    const url = new URL('/v7/finance/quote', base);
    url.searchParams.set('symbols', symbols.map(yahooSymbol).join(','));
    url.searchParams.set('crumb', crumb);
    const origin = { http, url };
    const { result, error } = checkAnswer(
      origin,
      jsonOf(origin, await http.get(url, { cookie })),
      yahooQuotesSchema,
    ).quoteResponse;
    if (error) throw http.failure('PROVIDER_REFUSED', url, { problem: `${error.code}: ${error.description}` });
    const receivedMs = nowMs();
    const bySymbol = new Map((result ?? []).map((quote) => [quote.symbol, quote]));
    return symbols.map((symbol): Quote => {
      const told = bySymbol.get(yahooSymbol(symbol));
      if (!told) throw http.failure('PROVIDER_REFUSED', url, { problem: `it knows no ${symbol}` });
      const { bid, bidSize, ask, askSize } = told;
      const sizes = { bidSize: bidSize * sharesPerLot, askSize: askSize * sharesPerLot };
      return { kind: 'quote', symbol, venueMs: null, receivedMs, bid, ask, ...sizes, exchange: '', updateId: null };
    });
  }

  async #fetchPass(): Promise<Pass> {
    const { http, url: base } = this.#options;
    const cookie = await this.#fetchCookie();
    const url = new URL('/v1/test/getcrumb', base);
    const crumb = (await http.get(url, { cookie })).trim();
    if (!/^[^\s<>{}]{1,64}$/.test(crumb))
      throw unreadable({ http, url }, `no crumb: ${JSON.stringify(crumb.slice(0, 80))}`);
    return { cookie, crumb };
  }

  async #fetchCookie(): Promise<string> {
    const { http, cookieUrl, cookieTimeoutMs } = this.#options;
    const url = new URL(cookieUrl);
    const agent = new Agent();
    try {
      // The page itself is not found, as a rule; its cookies are what it is asked for.
      const request = { url, method: 'GET', headers: yahooHeaders, timeoutMs: cookieTimeoutMs } as const;
      const { cookies } = await exchange(agent, request);
      if (cookies.length > 0) return cookies.join('; ');
    } catch (error) {
      throw http.failure('PROVIDER_UNREACHABLE', url, { problem: 'no answer', cause: error });
    } finally {
      await agent.destroy();
    }
    throw unreadable({ http, url }, 'it sets no cookie');
  }
}
