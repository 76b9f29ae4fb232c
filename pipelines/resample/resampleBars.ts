import type { IntradayBars } from '#domain/intradayBars.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { SessionState } from '#domain/tradingHours.ts';
import { timeBuckets, type TimeBucket } from './timeBuckets.ts';

/** One bar made of shorter ones. */
export interface ResampledBar {
  readonly session: SessionDate;
  readonly state: Exclude<SessionState, 'closed'>;
  readonly startMs: number;
  readonly endMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** How many bars it was made of; fewer than its length holds where nothing traded or data is missing. */
  readonly bars: number;
}

/** What came of resampling. */
export interface ResampleReport {
  readonly resampled: readonly ResampledBar[];
  /** Starts of bars while the exchange is closed: they are in no resampled bar. */
  readonly outsideHoursMs: readonly number[];
}

/**
 * Joins bars into longer ones: first open, highest high, lowest low, last close, summed volume. Where nothing traded
 * there is no bar; nothing is filled in.
 * @param bars in the order of time, each within one bucket of the length asked for
 * @param lengthMs of the new bars, a multiple of the given ones'; or `session` for one a state (regular trading is a day)
 * @throws RangeError when the length is no multiple, starts do not ascend, or a bar reaches over the end of its bucket
 */
export function resampleBars(bars: IntradayBars, lengthMs: number | 'session'): ResampleReport {
  if (lengthMs !== 'session' && (lengthMs < bars.lengthMs || lengthMs % bars.lengthMs !== 0)) {
    throw new RangeError(`bars of ${bars.lengthMs} ms do not add up to bars of ${lengthMs} ms`);
  }
  const bucketOf = timeBuckets(lengthMs);
  const resampled: ResampledBar[] = [];
  const outsideHoursMs: number[] = [];
  let current: ResampledBar | undefined;
  for (const [row, startMs] of bars.startMs.entries()) {
    if (row > 0 && startMs <= bars.startMs[row - 1]!) throw new RangeError(`bar ${row} does not follow the one before`);
    const bucket = bucketOf(startMs);
    if (!bucket) {
      outsideHoursMs.push(startMs);
      continue;
    }
    if (startMs + bars.lengthMs > bucket.endMs) throw new RangeError(`bar ${row} reaches over ${bucket.endMs}`);
    if (current?.startMs === bucket.startMs) {
      current = joined(current, bars, row);
    } else {
      if (current) resampled.push(current);
      current = started(bucket, bars, row);
    }
  }
  if (current) resampled.push(current);
  return { resampled, outsideHoursMs };
}

function started(bucket: TimeBucket, bars: IntradayBars, row: number): ResampledBar {
  return {
    ...bucket,
    open: bars.open[row]!,
    high: bars.high[row]!,
    low: bars.low[row]!,
    close: bars.close[row]!,
    volume: bars.volume[row]!,
    bars: 1,
  };
}

function joined(bar: ResampledBar, bars: IntradayBars, row: number): ResampledBar {
  return {
    ...bar,
    high: Math.max(bar.high, bars.high[row]!),
    low: Math.min(bar.low, bars.low[row]!),
    close: bars.close[row]!,
    volume: bar.volume + bars.volume[row]!,
    bars: bar.bars + 1,
  };
}
