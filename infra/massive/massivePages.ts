import type { z } from 'zod';
import { pagesOf } from '../http/pages.ts';
import { ask } from '../http/vendorAnswer.ts';
import type { VendorHttp, VendorRefusal } from '../http/vendorHttp.ts';
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

/** The pages of an answer, by `next_url`. */
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
    read: async (url) => ({ url, page: await ask(http, url, schema) }),
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

/** Massive's refusal in an answer with status 200. */
export function massiveRefusedWithin(text: string): VendorRefusal | undefined {
  const words = massiveRefusalWords(text);
  return words === undefined ? undefined : { code: 'PROVIDER_REFUSED', words, againAfterMs: null };
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
