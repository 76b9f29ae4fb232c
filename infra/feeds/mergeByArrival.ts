import type { MarketEvent } from '#domain/marketEvents.ts';

/**
 * Several recordings of the same time as one, in the order of arrival; of events that came at once, those of the recording
 * named first come first, so that the order is always the same. Memory holds one event a recording.
 * @param recordings each in the order of arrival
 */
export async function* mergeByArrival(recordings: readonly AsyncIterable<MarketEvent>[]): AsyncGenerator<MarketEvent> {
  const iterators = recordings.map((recording) => recording[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(iterators.map((iterator) => iterator.next()));
    for (;;) {
      let earliest: number | undefined;
      for (const [index, head] of heads.entries()) {
        if (head.done === true) continue;
        const before = earliest === undefined ? undefined : (heads[earliest]!.value as MarketEvent);
        if (before === undefined || head.value.receivedMs < before.receivedMs) earliest = index;
      }
      if (earliest === undefined) return;
      yield heads[earliest]!.value as MarketEvent;
      heads[earliest] = await iterators[earliest]!.next();
    }
  } finally {
    for (const iterator of iterators) await iterator.return?.();
  }
}
