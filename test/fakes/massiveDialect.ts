import type { DialectAnswer, VendorDialect, VendorMessage } from './fakeVendor.ts';

const status = (name: string, message: string): VendorMessage => ({ ev: 'status', status: name, message });

/** Massive's stream as its specification tells it. */
export function massiveDialect(apiKey: string): VendorDialect {
  return {
    hello: [status('connected', 'Connected Successfully')],
    answer: (asked, mood): DialectAnswer => {
      if (asked.action === 'auth') {
        if (mood === 'connectionLimit') {
          return { messages: [status('max_connections', 'Maximum number of connections exceeded.')], hangsUp: true };
        }
        if (mood === 'refusesAuth' || asked.params !== apiKey) {
          return { messages: [status('auth_failed', 'authentication failed')], hangsUp: true };
        }
        return { messages: [status('auth_success', 'authenticated')] };
      }
      if (mood === 'ignoresSubscriptions') return { messages: [] };
      const channels = String(asked.params).split(',');
      return { messages: channels.map((channel) => status('success', `subscribed to: ${channel}`)), subscribed: true };
    },
  };
}

/** A trade as Massive tells it. */
export function massiveTrade(id: number, atMs: number): VendorMessage {
  return { ev: 'T', sym: 'MSFT', x: 4, i: String(id), z: 3, p: 114.125, s: 100, c: [0, 37], t: atMs, q: id };
}
