import { setTimeout as delay } from 'node:timers/promises';
import type { EventHistory, FeedKind } from '#activities/ports/marketFeed.ts';
import type { MarketEvent } from '#domain/marketEvents.ts';

/** How gaps are filled. */
export interface GapRules {
  /** How far before the last event history is asked: what was on its way when the connection was lost. */
  readonly overlapMs: number;
  /** How long a vendor's history needs until it holds what was just traded. */
  readonly settleMs: number;
  readonly timeoutMs: number;
  readonly attemptsMax: number;
  /** Wait before another attempt. */
  readonly retryMs: number;
  /** Symbols asked for at once. */
  readonly concurrency: number;
}

/** A gap of one symbol. */
export interface Gap {
  readonly symbol: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What history answered. */
export type GapAnswer =
  { readonly gap: Gap; readonly events: readonly MarketEvent[] } | { readonly gap: Gap; readonly problem: string };

/** What a round of filling needs. */
export interface GapRound {
  readonly gaps: readonly Gap[];
  readonly kinds: readonly FeedKind[];
  readonly history: EventHistory;
  readonly rules: GapRules;
  readonly signal: AbortSignal;
  /** Called for each gap as its answer comes; not after the signal. */
  readonly answered: (answer: GapAnswer) => void;
}

/** Asks history for gaps, a few at a time, each as often as allowed. It never throws: a gap that stays open is an answer. */
export async function askHistory(round: GapRound): Promise<void> {
  const { gaps, rules, signal, answered } = round;
  await wait(rules.settleMs, signal);
  const queue = gaps.values();
  const worker = async (): Promise<void> => {
    for (const gap of queue) {
      const answer = await askOnce(gap, round);
      if (signal.aborted) return;
      answered(answer);
    }
  };
  await Promise.all(Array.from({ length: Math.min(rules.concurrency, gaps.length) }, worker));
}

async function askOnce(gap: Gap, { kinds, history, rules, signal }: GapRound): Promise<GapAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(rules.timeoutMs)]);
    try {
      const asked = { ...gap, kinds: kinds.filter((kind) => kind !== 'depth'), signal: limit };
      // A source that does not heed the signal must not hold the symbol for ever.
      return { gap, events: await Promise.race([history(asked), aborted(limit)]) };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (attempt >= rules.attemptsMax || signal.aborted) return { gap, problem };
      await wait(rules.retryMs * attempt, signal);
    }
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('history did not answer in time')), { once: true });
  });
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
