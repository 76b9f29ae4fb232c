/** How often history may be asked (TWS API, "Historical data limitations"). */
export interface HistoryPacingRules {
  readonly inFlightMax: number;
  /** Between two questions that are the same in everything. */
  readonly identicalMs: number;
  /** At most so many questions in a window; those for bids and asks count twice. */
  readonly windowMs: number;
  readonly windowMax: number;
  /** At most so many for the same contract, exchange and kind of tick in a short time. */
  readonly burstMs: number;
  readonly burstMax: number;
}

// The vendor counts arrivals: one question may travel longer than the next.
const travelMs = 500;

/** The vendor's own limits, with a margin; of the burst it refuses the sixth. */
export const historyPacingRules: HistoryPacingRules = {
  inFlightMax: 10,
  identicalMs: 15_000 + travelMs,
  windowMs: 600_000 + travelMs,
  windowMax: 60,
  burstMs: 2_000 + travelMs,
  burstMax: 5,
};

/** A question as pacing sees it. */
export interface PacedQuestion {
  /** All that is asked. */
  readonly key: string;
  /** Contract, exchange and kind of tick. */
  readonly series: string;
  /** 2 for bids and asks, else 1. */
  readonly weight: number;
}

interface Asked extends PacedQuestion {
  readonly atMs: number;
}

/** Remembers what was asked and says when the next question may go. It holds no clock. */
export class HistoryPacing {
  readonly #rules: HistoryPacingRules;
  #asked: Asked[] = [];

  constructor(rules: HistoryPacingRules) {
    this.#rules = rules;
  }

  /** How long a question has to wait, 0 for not at all; clocks are milliseconds and never go back. */
  waitMs(question: PacedQuestion, nowMs: number): number {
    const { identicalMs, windowMs, windowMax, burstMs, burstMax } = this.#rules;
    const remembered = Math.max(identicalMs, windowMs, burstMs);
    this.#asked = this.#asked.filter(({ atMs }) => atMs + remembered > nowMs);
    const same = this.#asked.filter(({ key }) => key === question.key).at(-1);
    const series = this.#asked.filter((asked) => asked.series === question.series);
    const dueMs = Math.max(
      same ? same.atMs + identicalMs : nowMs,
      freeAtMs(
        series.map(({ atMs }) => ({ atMs, weight: 1 })),
        { room: burstMax - 1, lengthMs: burstMs },
      ),
      freeAtMs(this.#asked, { room: windowMax - question.weight, lengthMs: windowMs }),
    );
    return Math.max(0, dueMs - nowMs);
  }

  /** A question went out. */
  asked(question: PacedQuestion, nowMs: number): void {
    this.#asked.push({ ...question, atMs: nowMs });
  }
}

/** The instant from which those asked within the window before weigh no more than the room. */
function freeAtMs(
  asked: readonly { readonly atMs: number; readonly weight: number }[],
  { room, lengthMs }: { readonly room: number; readonly lengthMs: number },
): number {
  let weight = 0;
  for (const one of asked.toReversed()) {
    weight += one.weight;
    if (weight > room) return one.atMs + lengthMs;
  }
  return Number.NEGATIVE_INFINITY;
}
