import type { MarketEvent } from './marketEvents.ts';

const secondMs = 1_000;

/** By what a repeated event is known. */
export interface EventIdentity {
  readonly key: string;
  /** Whether another event of the same key is the same event; else it may be one that only looks like it. */
  readonly unique: boolean;
}

/**
 * By what a repeated event of one symbol is known. Vendors stamp the same trade to the millisecond in one place and to the
 * nanosecond in another, so that an id counts with its second only. A trade without an id is known by all it says, and two
 * of those may well be two trades; so may two quotes without a stamp, or stamped with a whole second, as by a vendor with no
 * finer clock: the second one may have come back to the first after another.
 */
export function eventIdentity(event: MarketEvent): EventIdentity {
  // The identity of a kind takes events of that kind only; TypeScript does not follow the index.
  const identify = identities[event.kind] as (of: MarketEvent) => EventIdentity;
  return identify(event);
}

type IdentityByKind = {
  readonly [Kind in MarketEvent['kind']]: (event: Extract<MarketEvent, { kind: Kind }>) => EventIdentity;
};

const identities: IdentityByKind = {
  trade: ({ exchange, tradeId, price, size, conditions, venueMs }) =>
    tradeId === null
      ? { key: `n|${venueMs}|${price}|${size}|${exchange}|${conditions.join()}`, unique: false }
      : unique(`t|${exchange}|${tradeId}|${whole(venueMs, secondMs)}`),
  quote: ({ bid, bidSize, ask, askSize, updateId, venueMs }) =>
    updateId === null
      ? {
          key: `q|${whole(venueMs, 1)}|${bid}|${bidSize}|${ask}|${askSize}`,
          unique: venueMs !== null && venueMs % secondMs !== 0,
        }
      : unique(`Q|${updateId}`),
  bar: ({ startMs, lengthMs, open, high, low, close, volume }) =>
    unique(`b|${startMs}|${lengthMs}|${open}|${high}|${low}|${close}|${volume}`),
  tradeCancel: ({ exchange, tradeId, venueMs }) => unique(`x|${exchange}|${tradeId}|${whole(venueMs, secondMs)}`),
  tradingStatus: ({ venueMs, status, reason }) => unique(`s|${venueMs}|${status}|${reason}`),
  priceBand: ({ venueMs, lower, upper }) => unique(`p|${venueMs}|${lower}|${upper}`),
  depthUpdate: ({ firstUpdateId, lastUpdateId }) => unique(`d|${firstUpdateId}|${lastUpdateId}`),
  depthSnapshot: ({ lastUpdateId }) => unique(`D|${lastUpdateId}`),
};

/** Whole units of a stamp, in which vendors agree; empty where there is none. */
function whole(venueMs: number | null, unitMs: number): string {
  return venueMs === null ? '' : String(Math.floor(venueMs / unitMs));
}

function unique(key: string): EventIdentity {
  return { key, unique: true };
}
