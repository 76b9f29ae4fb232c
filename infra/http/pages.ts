import type { VendorHttp } from './vendorHttp.ts';

/** How a vendor's answer goes on. */
export interface PagedQuestion<Page> {
  readonly http: VendorHttp;
  /** Where the page after a token is; without one, the first. */
  readonly urlOf: (token: string | undefined) => URL;
  readonly read: (url: URL) => Promise<Page>;
  /** The token of the next page; null, undefined or empty at the end. */
  readonly nextOf: (page: Page) => string | null | undefined;
}

/** No answer has more pages: a year of one stock's quotes, ten thousand a page, has fewer. */
const pagesMax = 50_000;

/**
 * The pages of an answer, up to the one that names no next. An empty page that names a next one is not the end.
 * @throws Failure PROVIDER_PAGES_ENDLESS for a token that comes again, too many pages, or too long a time over them
 */
export async function* pagesOf<Page>({ http, urlOf, read, nextOf }: PagedQuestion<Page>): AsyncGenerator<Page> {
  const seen = new Set<string>();
  let token: string | undefined;
  let spentMs = 0;
  do {
    const url = urlOf(token);
    const askedMs = performance.now();
    const page = await read(url);
    spentMs += performance.now() - askedMs;
    yield page;
    token = nextOf(page) || undefined;
    if (token !== undefined && (seen.has(token) || seen.size >= pagesMax)) {
      throw http.failure('PROVIDER_PAGES_ENDLESS', url, {
        problem: `page ${seen.size + 2} is one it had named before`,
      });
    }
    if (token !== undefined && spentMs >= http.pagesTimeoutMs) {
      const problem = `${seen.size + 1} pages took ${Math.round(spentMs)} ms, and there are more`;
      throw http.failure('PROVIDER_PAGES_ENDLESS', url, { problem });
    }
    if (token !== undefined) seen.add(token);
  } while (token !== undefined);
}
