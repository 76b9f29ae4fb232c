import { Worker } from 'node:worker_threads';
import type { BarTable } from '#pipelines/features/barFields.ts';
import { computeFeaturePlan, type FeatureHistory } from '#pipelines/features/computeFeaturePlan.ts';
import { compileFeatures } from '#pipelines/features/featurePlan.ts';
import type { FeatureSpec } from '#pipelines/features/featureSpec.ts';
import type { Columns } from '#pipelines/indicators/indicator.ts';

/** Features of several symbols to compute. */
export interface FeatureWork {
  readonly spec: FeatureSpec;
  readonly histories: readonly FeatureHistory[];
  /** Threads beside this one; 0 computes here. */
  readonly threads: number;
}

/** What a thread is given: memory that all of them share. */
export interface ThreadTask {
  readonly spec: FeatureSpec;
  readonly symbols: readonly { readonly history: FeatureHistory; readonly outputs: Columns }[];
  /** One 32-bit number: the symbol that is taken next. */
  readonly next: SharedArrayBuffer;
}

/**
 * Computes a feature set for several symbols in threads that share the memory of bars and features. Each symbol is
 * computed by one thread, by the code that computes it here, so that the values are the same bit for bit.
 * @returns by symbol, what `computeFeaturePlan` gives
 * @throws Failure FEATURE_SPEC_INVALID, INDICATOR_INPUT_MISSING
 */
export async function computeInThreads({ spec, histories, threads }: FeatureWork): Promise<readonly Columns[]> {
  const plan = compileFeatures(spec);
  if (threads === 0) return histories.map((history) => computeFeaturePlan(plan, history));
  const symbols = histories.map((history) => ({
    history: sharedHistory(history),
    outputs: plan.columns.map(() => sharedColumn(history.bars.endMs.length)),
  }));
  const task: ThreadTask = { spec, symbols, next: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT) };
  await Promise.all(Array.from({ length: Math.min(threads, symbols.length) }, () => runThread(task)));
  return symbols.map(({ outputs }) => outputs);
}

async function runThread(task: ThreadTask): Promise<void> {
  const thread = new Worker(new URL('startFeatureThread.mjs', import.meta.url), { workerData: task });
  await new Promise<void>((resolve, reject) => {
    thread.once('error', reject);
    thread.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a thread of features ended with ${code}`));
    });
  });
}

function sharedColumn(rows: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(rows * Float64Array.BYTES_PER_ELEMENT));
}

function shared(column: Float64Array): Float64Array {
  if (column.buffer instanceof SharedArrayBuffer) return column;
  const copy = sharedColumn(column.length);
  copy.set(column);
  return copy;
}

function sharedTable({ startMs, endMs, columns }: BarTable): BarTable {
  const copies = Object.entries(columns).map(([field, column]) => [field, shared(column)] as const);
  return { startMs: shared(startMs), endMs: shared(endMs), columns: Object.fromEntries(copies) };
}

function sharedHistory({ bars, longer, observations }: FeatureHistory): FeatureHistory {
  const tables = Object.entries(longer ?? {}).map(([timeframe, table]) => [timeframe, sharedTable(table)] as const);
  return { bars: sharedTable(bars), longer: Object.fromEntries(tables), ...(observations && { observations }) };
}
