import type { FeedKind } from '#activities/ports/marketFeed.ts';
import { heardOf, type MessageFields } from '../feeds/messageFields.ts';
import type { VendorConversation, VendorProtocol, VendorSaid, Wanted } from '../feeds/vendorProtocol.ts';
import { massiveEvents } from './massiveEvents.ts';

/** Massive's stream of stocks. */
export interface MassiveStreamOptions {
  /** `wss://socket.massive.com`, or `wss://delayed.massive.com` for plans of delayed data. */
  readonly baseUrl: string;
  readonly apiKey: string;
}

const channelByKind: Readonly<Partial<Record<FeedKind, string>>> = { quotes: 'Q', trades: 'T', bars: 'AM' };
const channelAlways = 'LULD';

const refusals: Readonly<Record<string, 'never' | 'slowly' | 'soon'>> = {
  auth_failed: 'never',
  error: 'never',
  max_connections: 'slowly',
  auth_timeout: 'soon',
  auth_required: 'soon',
  force_disconnect: 'soon',
  slow_consumer: 'soon',
};

/** Massive's WebSocket of stocks (specification 2.0.0). Cancelled trades and halts are not in it. */
export function massiveStream({ baseUrl, apiKey }: MassiveStreamOptions): VendorProtocol {
  return {
    name: 'massive',
    url: new URL('stocks', `${baseUrl}/`).href,
    kinds: ['quotes', 'trades', 'bars'],
    converse: (wanted) => new MassiveConversation(apiKey, wanted),
  };
}

class MassiveConversation implements VendorConversation {
  readonly #apiKey: string;
  #wanted: Wanted;
  #state: 'greeted' | 'authenticating' | 'authenticated' = 'greeted';
  /** Channels asked for, and those of them that were confirmed: the vendor answers each by itself. */
  readonly #asked = new Set<string>();
  readonly #standing = new Set<string>();

  constructor(apiKey: string, wanted: Wanted) {
    this.#apiKey = apiKey;
    this.#wanted = wanted;
  }

  // Massive speaks first.
  greeting(): readonly string[] {
    return [];
  }

  change(wanted: Wanted): readonly string[] {
    this.#wanted = wanted;
    return this.#state === 'authenticated' ? this.#subscription() : [];
  }

  take(frame: string, receivedMs: number): readonly VendorSaid[] {
    return heardOf(frame, (fields) => this.#hear(fields, receivedMs));
  }

  #hear(fields: MessageFields, receivedMs: number): readonly VendorSaid[] {
    const type = fields.text('ev');
    if (Object.hasOwn(massiveEvents, type)) return [{ kind: 'event', event: massiveEvents[type]!(fields, receivedMs) }];
    if (type === 'status') return this.#told(fields.text('status'), fields);
    throw new RangeError(`its ev is ${JSON.stringify(type)}`);
  }

  #told(status: string, fields: MessageFields): readonly VendorSaid[] {
    const again = refusals[status];
    const message = fields.has('message') ? fields.text('message') : '';
    if (again !== undefined) return [{ kind: 'refused', reason: `${status}: ${message}`, again }];
    if (this.#state === 'greeted' && (status === 'connected' || status === 'success')) {
      this.#state = 'authenticating';
      return [{ kind: 'send', frame: JSON.stringify({ action: 'auth', params: this.#apiKey }) }];
    }
    if (status === 'auth_success') {
      this.#state = 'authenticated';
      return this.#subscription().map((frame) => ({ kind: 'send', frame }));
    }
    const [, channel] = /^subscribed to: (\S+)$/.exec(message) ?? [];
    if (status !== 'success' || channel === undefined) throw new RangeError(`status ${status}: ${message}`);
    this.#standing.add(channel);
    return this.#standing.size === this.#asked.size ? [{ kind: 'live' }] : [];
  }

  /** Subscriptions add to those that stand, so that only what is new is asked for. */
  #subscription(): readonly string[] {
    const channels = [...this.#wanted.kinds.flatMap((kind) => channelByKind[kind] ?? []), channelAlways];
    const fresh = channels
      .flatMap((channel) => this.#wanted.symbols.map((symbol) => `${channel}.${symbol}`))
      .filter((channel) => !this.#asked.has(channel));
    for (const channel of fresh) this.#asked.add(channel);
    return fresh.length === 0 ? [] : [JSON.stringify({ action: 'subscribe', params: fresh.join(',') })];
  }
}
