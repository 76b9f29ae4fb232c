import { Failure } from '#domain/failure.ts';
import { alpacaStream } from '../alpaca/alpacaStream.ts';
import { massiveStream } from '../massive/massiveStream.ts';
import type { VendorProtocol } from './vendorProtocol.ts';

/** Vendors with a stream of live data. */
export const feedProviders = ['alpaca', 'alpaca-sip', 'massive'] as const;

/** Name of a vendor's stream: `alpaca` is the free one of one exchange. */
export type FeedProvider = (typeof feedProviders)[number];

/** What a vendor's stream is opened with. */
export interface FeedProviderOptions {
  /** Keys stand in the vendors' own variables: APCA_API_KEY_ID and APCA_API_SECRET_KEY, MASSIVE_API_KEY. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The vendor's address unless given. */
  readonly url?: string;
}

/**
 * The protocol of a vendor's stream.
 * @throws Failure FEED_KEY_MISSING when the environment has no key for it
 */
export function feedProtocol(provider: FeedProvider, { environment, url }: FeedProviderOptions): VendorProtocol {
  const key = (name: string): string => {
    const value = environment[name];
    if (value) return value;
    throw new Failure('FEED_KEY_MISSING', `${provider} needs a key in ${name}`, { provider, variable: name });
  };
  if (provider === 'massive') {
    return massiveStream({ baseUrl: url ?? 'wss://socket.massive.com', apiKey: key('MASSIVE_API_KEY') });
  }
  const credentials = { keyId: key('APCA_API_KEY_ID'), secretKey: key('APCA_API_SECRET_KEY') };
  const plan = provider === 'alpaca' ? 'iex' : 'sip';
  return alpacaStream({ baseUrl: url ?? 'wss://stream.data.alpaca.markets', plan, credentials });
}
