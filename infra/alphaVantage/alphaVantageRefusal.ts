import type { VendorRefusal } from '../http/vendorHttp.ts';
import { spokenSchema } from './alphaVantageWire.ts';

/** What a refusal is read with. */
export interface RefusalTerms {
  /** Taken out of the vendor's words, which quote it. */
  readonly apiKey: string;
  /** Wait before another attempt when the vendor says that we ask too fast. */
  readonly againAfterMs: number;
}

/**
 * What Alpha Vantage said in place of data; undefined for data. It always answers with status 200 and has no codes, so that
 * its English words must do: too many a minute or a second is worth another attempt, too many a day is not.
 */
export function alphaVantageRefusal(text: string, { apiKey, againAfterMs }: RefusalTerms): VendorRefusal | undefined {
  const spoken = spokenIn(text);
  if (spoken === undefined) return undefined;
  const words = spoken.replaceAll(apiKey, '(the key)');
  if (/per (minute|second)/i.test(words)) return { code: 'PROVIDER_RATE_LIMITED', words, againAfterMs };
  if (/per day/i.test(words)) return { code: 'PROVIDER_RATE_LIMITED', words, againAfterMs: null };
  const isAboutKeys = /premium endpoint|premium feature|api ?key/i.test(words);
  return { code: isAboutKeys ? 'PROVIDER_CREDENTIALS_REFUSED' : 'PROVIDER_REFUSED', words, againAfterMs: null };
}

function spokenIn(text: string): string | undefined {
  // The list of what is listed is CSV; what is said in its place is JSON.
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return spokenSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
