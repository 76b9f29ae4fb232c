import { availableParallelism } from 'node:os';
import type { Column, ColumnTable } from '#domain/columnTable.ts';
import { Failure } from '#domain/failure.ts';
import type { Observation } from '#domain/observation.ts';
import { computeInThreads } from '#activities/features/featureThreads.ts';
import { observationFiles } from '#infra/alternative/observationFiles.ts';
import { readFeatureDeclaration, type FeatureDeclaration } from '#infra/configuration/featureDeclaration.ts';
import { requireFigures, type FeatureHistory } from '#pipelines/features/computeFeaturePlan.ts';
import { compileFeatures, type FeaturePlan } from '#pipelines/features/featurePlan.ts';
import { FeatureStream } from '#pipelines/features/featureStream.ts';
import { closedBars, type BarOrigin } from './closedBars.ts';

/** Cells from which threads earn what starting them costs. */
const threadedCellsMin = 2_000_000;

/** What a declaration is computed from. */
export interface DeclaredRequest {
  readonly origin: BarOrigin;
  readonly declaration: string;
  /** Files of observations by set. */
  readonly observations: Readonly<Record<string, string>>;
}

/** A declaration that compiles. */
export interface CompiledDeclaration {
  readonly spec: FeatureDeclaration['spec'];
  readonly plan: FeaturePlan;
}

/**
 * Reads a declaration and compiles it.
 * @throws Failure FEATURE_SPEC_INVALID with file and line, FILE_UNREADABLE
 */
export async function compiledDeclaration(path: string): Promise<CompiledDeclaration> {
  const { spec, located } = await readFeatureDeclaration(path);
  try {
    return { spec, plan: compileFeatures(spec) };
  } catch (error) {
    throw error instanceof Failure ? located(error) : error;
  }
}

/**
 * Computes a declared feature set over whole histories, in threads where there is much to do.
 * @returns symbol where there are names, time or session, then the features; each symbol's rows together
 * @throws Failure INDICATOR_INPUT_MISSING, OBSERVATIONS_UNREADABLE, and as `closedBars`
 */
export async function computeDeclared(
  { spec, plan }: CompiledDeclaration,
  { origin, observations }: DeclaredRequest,
): Promise<ColumnTable> {
  const bars = await closedBars(origin, plan);
  requireFigures(plan, bars.fields);
  const all = await bars.tables();
  const observedOf = await observed(plan, observations, all);
  const histories = all.map(({ symbol, bars: table }): FeatureHistory => {
    return { bars: table, observations: Object.fromEntries(observedOf(symbol)) };
  });
  const cells = histories.reduce((sum, { bars: { endMs } }) => sum + endMs.length, 0) * plan.columns.length;
  const threads = cells < threadedCellsMin || histories.length < 2 ? 0 : availableParallelism();
  const columns = await computeInThreads({ spec, histories, threads });
  return tableOf(
    plan,
    all.map(({ symbol, bars: { endMs } }, index) => ({ symbol, endMs, columns: columns[index]! })),
  );
}

/**
 * The same, bar by bar as they close: what a live feed would have been told, and no more is remembered than that needs.
 * @returns the table of `computeDeclared`, bit for bit
 * @throws Failure as `computeDeclared`
 */
export async function streamDeclared(
  { plan }: CompiledDeclaration,
  { origin, observations }: DeclaredRequest,
): Promise<ColumnTable> {
  const bars = await closedBars(origin, plan);
  requireFigures(plan, bars.fields);
  // A file of observations that is missing is told before the first bar.
  await observed(plan, observations, []);
  const running = new Map<string | undefined, RunningSymbol>();
  for await (const { symbol, row } of bars.rows()) {
    let known = running.get(symbol);
    if (!known) {
      known = begin(plan, (await observed(plan, observations, [{ symbol }]))(symbol));
      running.set(symbol, known);
    }
    for (const arriving of known.arrivals) {
      const { set, waiting } = arriving;
      for (; (waiting[arriving.next]?.arrivedMs ?? Infinity) <= row.endMs; arriving.next += 1) {
        known.stream.observe(set, waiting[arriving.next]!);
      }
    }
    known.endMs.push(row.endMs);
    known.rows.push(known.stream.push(row));
  }
  return tableOf(
    plan,
    [...running].map(([symbol, { endMs, rows }]) => ({
      symbol,
      endMs,
      columns: plan.columns.map((_, column) => Float64Array.from(rows, (row) => row[column]!)),
    })),
  );
}

interface RunningSymbol {
  readonly stream: FeatureStream;
  /** Observations by set, in the order of arrival, of which `next` comes next. */
  readonly arrivals: readonly { readonly set: string; readonly waiting: readonly Observation[]; next: number }[];
  readonly endMs: number[];
  /** Shape [bars][columns]. */
  readonly rows: Float64Array[];
}

function begin(plan: FeaturePlan, observations: Observations): RunningSymbol {
  const arrivals = [...observations].map(([set, waiting]) => ({ set, waiting, next: 0 }));
  return { stream: new FeatureStream(plan), arrivals, endMs: [], rows: [] };
}

type Observations = ReadonlyMap<string, readonly Observation[]>;

/** What was observed of each of the symbols, by set. */
async function observed(
  plan: FeaturePlan,
  files: Readonly<Record<string, string>>,
  of: readonly { readonly symbol: string | undefined }[],
): Promise<(symbol: string | undefined) => Observations> {
  const source = observationFiles(files);
  const times = { arrivedFromMs: Number.NEGATIVE_INFINITY, arrivedBeforeMs: Number.POSITIVE_INFINITY };
  const symbols = of.map(({ symbol = '' }) => symbol);
  const found = await Promise.all(
    plan.observations.map(async (set) => [set, await source.observations({ set, symbols, ...times })] as const),
  );
  return (symbol) => new Map(found.map(([set, bySymbol]) => [set, bySymbol.get(symbol ?? '') ?? []]));
}

interface SymbolFeatures {
  readonly symbol: string | undefined;
  readonly endMs: ArrayLike<number>;
  /** Shape [columns][rows]. */
  readonly columns: readonly Float64Array[];
}

function tableOf(plan: FeaturePlan, all: readonly SymbolFeatures[]): ColumnTable {
  const daily = plan.timeframe === '1d';
  const timeOf = (endMs: number): string => {
    const text = new Date(endMs).toISOString();
    return daily ? text.slice(0, 10) : text;
  };
  const named = all.some(({ symbol }) => symbol !== undefined);
  const symbols = all.flatMap(({ symbol = '', endMs }) => Array.from(endMs, () => symbol));
  const times = all.flatMap(({ endMs }) => Array.from(endMs, timeOf));
  const values = plan.columns.map(({ name }, column): Column => {
    const whole = new Float64Array(times.length);
    let at = 0;
    for (const { columns } of all) {
      whole.set(columns[column]!, at);
      at += columns[column]!.length;
    }
    return { name, type: 'double', values: whole };
  });
  return [
    ...(named ? [{ name: 'symbol', type: 'text', values: symbols } as const] : []),
    { name: daily ? 'session' : 'time', type: 'text', values: times },
    ...values,
  ];
}
