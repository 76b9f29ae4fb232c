import type { Columns } from '../indicators/indicator.ts';
import type { BarRow, FeatureField } from './barFields.ts';
import { BarJoin } from './barJoin.ts';
import type { ColumnState, ObservationState } from './featureKind.ts';
import type { FeaturePlan, FeatureStep } from './featurePlan.ts';
import type { Observation } from '#domain/observation.ts';
import { barSpans, type Timeframe } from './timeframe.ts';

const oneRow = { from: 0, to: 1 } as const;

/** One step under way: its inputs and outputs are cells of one row, shared with those who read them. */
interface RunningStep {
  readonly timeframe: Timeframe;
  /** Makes the step's next row, which closed at the instant. */
  readonly advance: (atMs: number) => void;
  readonly outputs: Columns;
}

/** A bar of one timeframe that has closed. */
interface Closed {
  readonly timeframe: Timeframe;
  readonly row: BarRow;
}

/**
 * A plan under way for one symbol, fed as the market goes: bars as they close, observations as they arrive. It gives what
 * `computeFeaturePlan` gives of the whole history, bit for bit, and remembers no more than its steps do.
 */
export class FeatureStream {
  private readonly plan: FeaturePlan;
  private readonly cells: ReadonlyMap<Timeframe, ReadonlyMap<FeatureField, Float64Array>>;
  private readonly joins = new Map<Timeframe, BarJoin>();
  /** Observations that have been handed over and not yet taken, for each step that reads them. */
  private readonly waiting: { readonly set: string; readonly observations: Observation[] }[] = [];
  private readonly steps: readonly RunningStep[];
  private lastMs = Number.NEGATIVE_INFINITY;

  /** @param delivered longer bars that come by `deliver`; the others are joined from the rows' own */
  constructor(plan: FeaturePlan, delivered: readonly Timeframe[] = []) {
    this.plan = plan;
    const cellsOf = (): Map<FeatureField, Float64Array> =>
      new Map(plan.fields.map((field) => [field, new Float64Array(1).fill(Number.NaN)]));
    this.cells = new Map(plan.timeframes.map((timeframe) => [timeframe, cellsOf()]));
    for (const timeframe of plan.timeframes.slice(1)) {
      if (delivered.includes(timeframe)) continue;
      this.joins.set(timeframe, new BarJoin(plan.fields, barSpans(plan.market, timeframe)));
    }
    const running: RunningStep[] = [];
    for (const step of plan.steps) running.push(this.begin(step, running));
    this.steps = running;
  }

  /**
   * Takes the next bar of the plan's timeframe.
   * @returns the features known at its close, in the order of the plan's columns; NaN where one has no value
   * @throws RangeError when it closed before something taken earlier
   */
  push(row: BarRow): Float64Array {
    this.passTo(row.endMs);
    this.closeBefore(row.startMs);
    const closed: Closed[] = [{ timeframe: this.plan.timeframe, row }];
    for (const [timeframe, join] of this.joins) {
      const longer = join.take(row);
      if (longer) closed.push({ timeframe, row: longer });
    }
    this.close(row.endMs, closed);
    return Float64Array.from(this.plan.columns, ({ step, output }) => this.steps[step]!.outputs[output]![0]!);
  }

  /**
   * Takes a longer bar of a timeframe that is delivered; one that is known by the close of a row comes before that row.
   * @throws RangeError when it was known before something taken earlier
   */
  deliver(timeframe: Timeframe, row: BarRow): void {
    this.passTo(row.endMs);
    this.closeBefore(row.endMs);
    this.close(row.endMs, [{ timeframe, row }]);
  }

  /** Takes an observation, in the order of arrival within its set; one of a set that no step reads is left. */
  observe(set: string, observation: Observation): void {
    for (const queue of this.waiting) if (queue.set === set) queue.observations.push(observation);
  }

  private passTo(atMs: number): void {
    if (atMs < this.lastMs) throw new RangeError(`${atMs} comes after ${this.lastMs}`);
    this.lastMs = atMs;
  }

  /** Longer bars that ended by an instant without a shorter one ending with them, earliest first. */
  private closeBefore(atMs: number): void {
    const closed: Closed[] = [];
    for (const [timeframe, join] of this.joins) {
      const row = join.ended(atMs);
      if (row) closed.push({ timeframe, row });
    }
    for (const endMs of new Set(closed.map(({ row }) => row.endMs).toSorted((a, b) => a - b))) {
      this.close(
        endMs,
        closed.filter(({ row }) => row.endMs === endMs),
      );
    }
  }

  private close(atMs: number, closed: readonly Closed[]): void {
    for (const { timeframe, row } of closed) {
      for (const [field, cell] of this.cells.get(timeframe) ?? []) cell[0] = row.figures[field] ?? Number.NaN;
    }
    for (const step of this.steps) {
      if (closed.some(({ timeframe }) => timeframe === step.timeframe)) step.advance(atMs);
    }
  }

  private begin({ kind, parameters, timeframe, ...step }: FeatureStep, before: readonly RunningStep[]): RunningStep {
    const outputs = kind.outputs.map(() => new Float64Array(1).fill(Number.NaN));
    if (kind.reads === 'observations') {
      const queue = { set: step.observations!, observations: [] };
      this.waiting.push(queue);
      return { timeframe, outputs, advance: observing(kind.begin(parameters), queue.observations, outputs) };
    }
    const inputs = step.inputs.map((input) =>
      input.kind === 'field'
        ? this.cells.get(timeframe)!.get(input.field)!
        : before[input.step]!.outputs[input.output]!,
    );
    const state: ColumnState = kind.begin(parameters, inputs.length);
    return { timeframe, outputs, advance: () => state.advance(inputs, outputs, oneRow) };
  }
}

/** Takes what has arrived by each row. */
function observing(state: ObservationState, waiting: Observation[], outputs: Columns): (atMs: number) => void {
  return (atMs) => {
    let arrived = 0;
    while (arrived < waiting.length && waiting[arrived]!.arrivedMs <= atMs) arrived += 1;
    for (const observation of waiting.splice(0, arrived)) state.take(observation);
    outputs[0]![0] = state.valueAt(atMs);
  };
}
