import type { BarTable } from './barFields.ts';
import { computeFeaturePlan, type FeatureHistory } from './computeFeaturePlan.ts';
import type { FeaturePlan } from './featurePlan.ts';

/** A value that changed when what came after it was taken away. */
export interface LookAhead {
  readonly column: string;
  readonly row: number;
  readonly withFuture: number;
  readonly withoutFuture: number;
}

/**
 * Computes a plan with and without what became known after a row, and compares everything up to that row.
 * @param row of the plan's bars, the last that is kept
 * @returns the first value that knew its future; undefined when none did
 */
export function findLookAhead(plan: FeaturePlan, history: FeatureHistory, row: number): LookAhead | undefined {
  const whole = computeFeaturePlan(plan, history);
  const past = computeFeaturePlan(plan, knownBy(history, history.bars.endMs[row]!));
  for (const [index, { name }] of plan.columns.entries()) {
    const column = past[index]!;
    const changed = column.findIndex((value, at) => !Object.is(value, whole[index]![at]));
    if (changed === -1) continue;
    return { column: name, row: changed, withFuture: whole[index]![changed]!, withoutFuture: column[changed]! };
  }
  return undefined;
}

/** What of a history was known by an instant. */
export function knownBy({ bars, longer, observations }: FeatureHistory, atMs: number): FeatureHistory {
  const cut = <Value>(
    sets: Readonly<Record<string, Value>> | undefined,
    known: (set: Value) => Value,
  ): Record<string, Value> => Object.fromEntries(Object.entries(sets ?? {}).map(([name, set]) => [name, known(set)]));
  return {
    bars: closedBy(bars, atMs),
    longer: cut(longer, (table) => closedBy(table, atMs)),
    observations: cut(observations, (set) => set.filter(({ arrivedMs }) => arrivedMs <= atMs)),
  };
}

function closedBy({ startMs, endMs, columns }: BarTable, atMs: number): BarTable {
  const after = endMs.findIndex((ms) => ms > atMs);
  const rows = after === -1 ? endMs.length : after;
  const kept = Object.entries(columns).map(([field, column]) => [field, column.slice(0, rows)] as const);
  return { startMs: startMs.slice(0, rows), endMs: endMs.slice(0, rows), columns: Object.fromEntries(kept) };
}
