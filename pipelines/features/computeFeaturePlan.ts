import { Failure } from '#domain/failure.ts';
import type { Columns } from '../indicators/indicator.ts';
import type { BarTable } from './barFields.ts';
import { joinTable } from './barJoin.ts';
import type { FeaturePlan, FeatureStep, StepInput } from './featurePlan.ts';
import type { Observation } from '#domain/observation.ts';
import { barSpans, type Timeframe } from './timeframe.ts';

/** Everything known of one symbol, oldest first. */
export interface FeatureHistory {
  /** Bars of the plan's own timeframe. */
  readonly bars: BarTable;
  /**
   * Longer bars that were delivered and not made of the shorter ones, e.g. a vendor's daily bars with the closing auction,
   * which is printed after the last minute: their `endMs` says when they are known. The others are joined from `bars`.
   */
  readonly longer?: Readonly<Partial<Record<Timeframe, BarTable>>>;
  /** By set, in the order of arrival. */
  readonly observations?: Readonly<Record<string, readonly Observation[]>>;
}

/**
 * Computes a plan over a whole history. The value at a row is what was known when the row's bar had closed: of longer bars
 * the last one that had closed by then, of observations those that had arrived.
 * @param outputs shape [bars] each, in the order of the plan's columns; absent: made
 * @returns shape [bars] each, in the order of the plan's columns; NaN where a feature has no value
 * @throws Failure INDICATOR_INPUT_MISSING when bars lack a figure that a step reads
 */
export function computeFeaturePlan(plan: FeaturePlan, history: FeatureHistory, outputs?: Columns): Columns {
  const tables = new Map(plan.timeframes.map((timeframe) => [timeframe, tableOf(plan, history, timeframe)]));
  const computed: Columns[] = [];
  const inputOf = (input: StepInput, table: BarTable): Float64Array => {
    if (input.kind === 'field') return table.columns[input.field]!;
    const from = tables.get(plan.steps[input.step]!.timeframe)!;
    return asKnownAt(table, from, computed[input.step]![input.output]!);
  };
  for (const step of plan.steps) {
    const table = tables.get(step.timeframe)!;
    const inputs = step.inputs.map((input) => inputOf(input, table));
    computed.push(computeStep(step, inputs, { table, observations: history.observations }));
  }
  const rows = tables.get(plan.timeframe)!;
  const columns = plan.columns.map(({ step, output }) => inputOf({ kind: 'step', step, output }, rows));
  if (!outputs) return columns;
  for (const [index, column] of columns.entries()) outputs[index]!.set(column);
  return outputs;
}

/**
 * Refuses bars that lack a figure which a plan reads.
 * @throws Failure INDICATOR_INPUT_MISSING
 */
export function requireFigures(plan: FeaturePlan, figures: readonly string[]): void {
  for (const field of plan.fields) {
    if (figures.includes(field)) continue;
    throw new Failure('INDICATOR_INPUT_MISSING', `a feature reads ${field}, which the bars do not have`, { field });
  }
}

function tableOf(plan: FeaturePlan, { bars, longer }: FeatureHistory, timeframe: Timeframe): BarTable {
  requireFigures(plan, Object.keys(bars.columns));
  if (timeframe === plan.timeframe) return bars;
  return longer?.[timeframe] ?? joinTable(bars, plan.fields, barSpans(plan.market, timeframe));
}

function computeStep(
  { kind, parameters, observations: set }: FeatureStep,
  inputs: Columns,
  { table, observations }: { readonly table: BarTable; readonly observations: FeatureHistory['observations'] },
): Columns {
  const rows = table.endMs.length;
  const outputs = kind.outputs.map(() => new Float64Array(rows));
  if (kind.reads === 'columns') {
    kind.begin(parameters, inputs.length).advance(inputs, outputs, { from: 0, to: rows });
    return outputs;
  }
  const state = kind.begin(parameters);
  const arrivals = observations?.[set!] ?? [];
  let next = 0;
  for (let row = 0; row < rows; row += 1) {
    const atMs = table.endMs[row]!;
    for (; next < arrivals.length && arrivals[next]!.arrivedMs <= atMs; next += 1) state.take(arrivals[next]!);
    outputs[0]![row] = state.valueAt(atMs);
  }
  return outputs;
}

/** A column of other bars as it was known when each bar of a table closed: the last of those bars that had closed. */
function asKnownAt(table: BarTable, from: BarTable, column: Float64Array): Float64Array {
  if (table === from) return column;
  const known = new Float64Array(table.endMs.length);
  let closed = -1;
  for (let row = 0; row < known.length; row += 1) {
    while (closed + 1 < from.endMs.length && from.endMs[closed + 1]! <= table.endMs[row]!) closed += 1;
    known[row] = closed < 0 ? Number.NaN : column[closed]!;
  }
  return known;
}
