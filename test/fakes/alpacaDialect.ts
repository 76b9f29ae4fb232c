import type { DialectAnswer, VendorDialect, VendorMessage } from './fakeVendor.ts';

const channels = ['trades', 'quotes', 'bars', 'updatedBars', 'dailyBars', 'statuses', 'lulds'];

/** Alpaca's stream as its documentation tells it, with its codes of errors. */
export function alpacaDialect(secret: string): VendorDialect {
  return {
    hello: [{ T: 'success', msg: 'connected' }],
    answer: (asked, mood): DialectAnswer => {
      if (asked.action === 'auth') {
        if (mood === 'connectionLimit') return error(406, 'connection limit exceeded');
        if (mood === 'refusesAuth' || asked.secret !== secret) return error(402, 'auth failed');
        return { messages: [{ T: 'success', msg: 'authenticated' }] };
      }
      if (asked.action !== 'subscribe') return error(400, 'invalid syntax');
      if (mood === 'ignoresSubscriptions') return { messages: [] };
      const standing = Object.fromEntries(channels.map((channel) => [channel, asked[channel] ?? []]));
      return { messages: [{ T: 'subscription', ...standing }], subscribed: true };
    },
  };
}

/** A trade as Alpaca tells it. */
export function alpacaTrade(id: number, { symbol = 'AAPL', atMs }: { symbol?: string; atMs: number }): VendorMessage {
  const t = new Date(atMs).toISOString();
  return { T: 't', i: id, S: symbol, x: 'D', p: 126.5 + id / 100, s: 1 + id, t, c: ['@', 'I'], z: 'C' };
}

function error(code: number, msg: string): DialectAnswer {
  return { messages: [{ T: 'error', code, msg }], hangsUp: true };
}
