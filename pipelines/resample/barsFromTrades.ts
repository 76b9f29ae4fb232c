import type { Trade } from '#domain/marketEvents.ts';
import { tradeEffect } from '#domain/tradeConditions.ts';
import type { ResampledBar } from './resampleBars.ts';
import { timeBuckets, type TimeBucket } from './timeBuckets.ts';

/** A bar made of trades. Time in which no trade set a price has no bar, whatever its volume. */
export type TradeBar = Omit<ResampledBar, 'bars'> & {
  /** Trades that count, whether for the prices or the volume alone. */
  readonly trades: number;
};

interface Building {
  readonly bucket: TimeBucket;
  open: number | null;
  high: number;
  low: number;
  close: number | null;
  volume: number;
  trades: number;
}

/**
 * Bars of one symbol's trades. Sale conditions decide what a trade may do: an odd lot or an average price adds volume
 * and moves no price, a trade reported out of sequence moves the range and not the close.
 * @param trades in the order of the tape, which within one instant is the order of the file; stamped by the venue
 * @param lengthMs of the bars, or `session` for one a state
 * @yields bars in the order of time
 * @throws RangeError when a trade has no venue's stamp or its bar has already ended
 */
export function* barsFromTrades(trades: Iterable<Trade>, lengthMs: number | 'session'): Generator<TradeBar> {
  const bucketOf = timeBuckets(lengthMs);
  let building: Building | undefined;
  for (const trade of trades) {
    if (trade.venueMs === null) throw new RangeError('a trade without the venue’s stamp belongs to no bar');
    const bucket = bucketOf(trade.venueMs);
    if (!bucket) continue;
    if (building && bucket.startMs < building.bucket.startMs) {
      throw new RangeError(`a trade at ${trade.venueMs} comes after its bar has ended`);
    }
    if (building?.bucket.startMs !== bucket.startMs) {
      if (building) yield* finished(building);
      building = { bucket, open: null, high: -Infinity, low: Infinity, close: null, volume: 0, trades: 0 };
    }
    add(building, trade);
  }
  if (building) yield* finished(building);
}

function add(building: Building, { price, size, conditions }: Trade): void {
  const effect = tradeEffect(conditions, building.bucket.state === 'regular' ? 'regular' : 'extended');
  if (effect.volume) {
    building.volume += size;
    building.trades += 1;
  }
  if (effect.range) {
    building.open ??= price;
    building.high = Math.max(building.high, price);
    building.low = Math.min(building.low, price);
  }
  // Where nothing else has set a last price, one that only moves the range stands for it.
  if (effect.last) building.close = price;
  else if (effect.range) building.close ??= price;
}

function* finished({ bucket, open, high, low, close, volume, trades }: Building): Generator<TradeBar> {
  if (open !== null && close !== null) yield { ...bucket, open, high, low, close, volume, trades };
}
