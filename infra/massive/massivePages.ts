import type { z } from 'zod';
import { pagesOf } from '../http/pages.ts';
import { checkAnswer, jsonOf } from '../http/vendorAnswer.ts';
import type { VendorHttp } from '../http/vendorHttp.ts';
import { massiveRefusalSchema } from './massiveMarketWire.ts';
import type { MassivePage } from './massiveMarketWire.ts';

/** Where Massive is asked. */
export interface MassiveSource {
  readonly http: VendorHttp;
  readonly base: string;
}

/** What it is asked. */
export interface MassiveQuestion<Page> {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly schema: z.ZodType<Page>;
}

/** A page with the address it came from. */
export interface Paged<Page> {
  readonly url: URL;
  readonly page: Page;
}

/**
 * The pages of an answer, by `next_url`.
 * @throws Failure PROVIDER_REFUSED for a refusal inside an answer that calls itself a success, and what `ask` throws
 */
export function massivePages<Page extends MassivePage>(
  { http, base }: MassiveSource,
  { path, query, schema }: MassiveQuestion<Page>,
): AsyncGenerator<Paged<Page>> {
  return pagesOf({
    http,
    urlOf: (next) => {
      // The next address is taken without its host: our key goes nowhere but to the configured one.
      if (next !== undefined) return withoutHost(new URL(next), base);
      const url = new URL(path, base);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      return url;
    },
    read: async (url) => ({ url, page: await read(http, url, schema) }),
    nextOf: ({ page }) => page.next_url,
  });
}

/** Massive's own words out of the body of a refusal; undefined where it is none. */
export function massiveRefusalWords(text: string): string | undefined {
  try {
    return wordsOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function read<Page>(http: VendorHttp, url: URL, schema: z.ZodType<Page>): Promise<Page> {
  const origin = { http, url };
  const answer = jsonOf(origin, await http.get(url));
  const refusal = wordsOf(answer);
  if (refusal !== undefined) throw http.failure('PROVIDER_REFUSED', url, { problem: refusal });
  return checkAnswer(origin, answer, schema);
}

function wordsOf(answer: unknown): string | undefined {
  const refusal = massiveRefusalSchema.safeParse(answer);
  if (!refusal.success) return undefined;
  const { status, error, message } = refusal.data;
  return [status, error ?? message].filter(Boolean).join(': ');
}

function withoutHost({ pathname, search }: URL, base: string): URL {
  const url = new URL(base);
  url.pathname = pathname;
  url.search = search;
  return url;
}
