import { setTimeout as delay } from 'node:timers/promises';
import { HistoryPacing, type HistoryPacingRules, type PacedQuestion } from './historyPacing.ts';

/** Lets questions through in their order, as fast as pacing allows and never too many at once. */
export class HistoryGate {
  readonly #pacing: HistoryPacing;
  readonly #inFlightMax: number;
  #inFlight = 0;
  #pausedUntilMs = 0;
  #line: Promise<unknown> = Promise.resolve();
  readonly #freed: (() => void)[] = [];

  constructor(rules: HistoryPacingRules) {
    this.#pacing = new HistoryPacing(rules);
    this.#inFlightMax = rules.inFlightMax;
  }

  /** Runs a question in its turn. @throws what it throws, or the signal's reason while it waits */
  async run<Answer>(
    question: PacedQuestion,
    { ask, signal }: { readonly ask: () => Promise<Answer>; readonly signal: AbortSignal },
  ): Promise<Answer> {
    const turn = this.#line.then(() => this.#wait(question, signal));
    this.#line = turn.catch(() => undefined);
    await turn;
    try {
      return await ask();
    } finally {
      this.#inFlight -= 1;
      this.#freed.shift()?.();
    }
  }

  /** Nothing goes out for so long: the vendor said that it was too much. */
  pause(ms: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, performance.now() + ms);
  }

  async #wait(question: PacedQuestion, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (this.#inFlight >= this.#inFlightMax) {
      await new Promise<void>((resolve) => {
        this.#freed.push(resolve);
      });
    }
    for (;;) {
      const nowMs = performance.now();
      const waitMs = Math.max(this.#pausedUntilMs - nowMs, this.#pacing.waitMs(question, nowMs));
      if (waitMs <= 0) break;
      await delay(waitMs, undefined, { signal });
    }
    this.#pacing.asked(question, performance.now());
    this.#inFlight += 1;
  }
}
