import type { FeedKind } from '#activities/ports/marketFeed.ts';
import { heardOf, type MessageFields } from '../feeds/messageFields.ts';
import type { VendorConversation, VendorProtocol, VendorSaid, Wanted } from '../feeds/vendorProtocol.ts';
import { alpacaEvents } from './alpacaEvents.ts';
import type { AlpacaCredentials } from './alpacaHttp.ts';

/** Alpaca's stream of one plan: `iex` is free and one exchange, `sip` is all of them, `delayed_sip` the same later. */
export interface AlpacaStreamOptions {
  /** `wss://stream.data.alpaca.markets` unless somewhere else. */
  readonly baseUrl: string;
  readonly plan: 'iex' | 'sip' | 'delayed_sip';
  readonly credentials: AlpacaCredentials;
}

const channelsByKind: Readonly<Partial<Record<FeedKind, readonly string[]>>> = {
  quotes: ['quotes'],
  // Corrections and cancels of trades come along by themselves.
  trades: ['trades'],
  bars: ['bars', 'updatedBars'],
};
const channelsAlways = ['statuses', 'lulds'];

// Codes that the documentation lists: those of the first kind stay however often one asks.
const permanent: ReadonlySet<number> = new Set([402, 405, 409, 410, 411]);
const connectionLimit = 406;

/** Alpaca's real-time stock data over WebSocket, as JSON text frames. */
export function alpacaStream({ baseUrl, plan, credentials }: AlpacaStreamOptions): VendorProtocol {
  return {
    name: `alpaca-${plan}`,
    url: new URL(`v2/${plan}`, `${baseUrl}/`).href,
    kinds: ['quotes', 'trades', 'bars'],
    converse: (wanted) => new AlpacaConversation(credentials, wanted),
  };
}

class AlpacaConversation implements VendorConversation {
  readonly #credentials: AlpacaCredentials;
  #wanted: Wanted;
  #isAuthenticated = false;

  constructor(credentials: AlpacaCredentials, wanted: Wanted) {
    this.#credentials = credentials;
    this.#wanted = wanted;
  }

  // Alpaca speaks first.
  greeting(): readonly string[] {
    return [];
  }

  change(wanted: Wanted): readonly string[] {
    this.#wanted = wanted;
    return this.#isAuthenticated ? [this.#subscription()] : [];
  }

  take(frame: string, receivedMs: number): readonly VendorSaid[] {
    return heardOf(frame, (fields) => this.#hear(fields, receivedMs));
  }

  #hear(fields: MessageFields, receivedMs: number): readonly VendorSaid[] {
    const type = fields.text('T');
    if (Object.hasOwn(alpacaEvents, type)) {
      return alpacaEvents[type]!(fields, receivedMs).map((event) => ({ kind: 'event', event }));
    }
    if (type === 'success') return this.#welcomed(fields.text('msg'));
    if (type === 'subscription') return this.#subscribed(fields);
    if (type === 'error') return [refusal(fields)];
    throw new RangeError(`its T is ${JSON.stringify(type)}`);
  }

  #welcomed(message: string): readonly VendorSaid[] {
    if (message === 'connected') {
      const { keyId, secretKey } = this.#credentials;
      return [{ kind: 'send', frame: JSON.stringify({ action: 'auth', key: keyId, secret: secretKey }) }];
    }
    if (message !== 'authenticated') throw new RangeError(`its msg is ${JSON.stringify(message)}`);
    this.#isAuthenticated = true;
    return [{ kind: 'send', frame: this.#subscription() }];
  }

  /** The vendor lists all that stands; what is missing there would stay silent without a word. */
  #subscribed(fields: MessageFields): readonly VendorSaid[] {
    const missing = this.#channels().flatMap((channel) => {
      const standing = new Set(fields.texts(channel));
      return this.#wanted.symbols.filter((symbol) => !standing.has(symbol)).map((symbol) => `${channel} ${symbol}`);
    });
    return missing.length === 0 ? [{ kind: 'live' }] : [];
  }

  #channels(): readonly string[] {
    return [...this.#wanted.kinds.flatMap((kind) => channelsByKind[kind] ?? []), ...channelsAlways];
  }

  #subscription(): string {
    const channels = this.#channels().map((channel) => [channel, this.#wanted.symbols]);
    return JSON.stringify({ action: 'subscribe', ...Object.fromEntries(channels) });
  }
}

function refusal(fields: MessageFields): VendorSaid {
  const code = fields.figure('code');
  const reason = `${code} ${fields.text('msg')}`;
  const again = permanent.has(code) ? 'never' : code === connectionLimit ? 'slowly' : 'soon';
  return { kind: 'refused', reason, again };
}
