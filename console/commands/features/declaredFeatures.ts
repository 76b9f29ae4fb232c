import { availableParallelism } from 'node:os';
import type { Column, ColumnTable } from '#domain/columnTable.ts';
import { Failure } from '#domain/failure.ts';
import type { Observation } from '#domain/observation.ts';
import { computeInThreads } from '#activities/features/featureThreads.ts';
import { observationFiles } from '#infra/alternative/observationFiles.ts';
import { readFeatureDeclaration } from '#infra/configuration/featureDeclaration.ts';
import { readBarFile, type BarFile, type FileBars } from '#infra/fileDrop/barFile.ts';
import type { BarTable, FeatureField } from '#pipelines/features/barFields.ts';
import { joinTable } from '#pipelines/features/barJoin.ts';
import type { FeatureHistory } from '#pipelines/features/computeFeaturePlan.ts';
import { compileFeatures, type FeaturePlan } from '#pipelines/features/featurePlan.ts';
import { barSpans, timeframeMs } from '#pipelines/features/timeframe.ts';
import { stampConvention } from '#pipelines/resample/stampConvention.ts';

/** Cells from which threads earn what starting them costs. */
const threadedCellsMin = 2_000_000;

/** What a declaration is computed from. */
export interface DeclaredRequest {
  readonly input: string;
  readonly declaration: string;
  readonly stamps: 'start' | 'end' | 'auto';
  /** Files of observations by set. */
  readonly observations: Readonly<Record<string, string>>;
}

/** Features of a declaration beside the stamps of their rows. */
export interface DeclaredTable {
  readonly table: ColumnTable;
  readonly plan: FeaturePlan;
  readonly symbols: number;
}

/**
 * Computes a declared feature set over a file of bars.
 * @throws Failure FEATURE_SPEC_INVALID with the line of the declaration; BARS_UNREADABLE where the bars' times do not
 *   serve; INDICATOR_INPUT_MISSING, FILE_UNREADABLE, OBSERVATIONS_UNREADABLE
 */
export async function declaredFeatures(request: DeclaredRequest): Promise<DeclaredTable> {
  const declaration = await readFeatureDeclaration(request.declaration);
  const plan = compiled(declaration.spec, declaration.located);
  const file = await readBarFile(request.input);
  const observed = await observationsFor(plan, file, request.observations);
  const histories = file.symbols.map((bars): FeatureHistory => ({
    bars: barTableOf(bars, plan, request),
    observations: Object.fromEntries([...observed].map(([set, found]) => [set, found.get(bars.symbol ?? '') ?? []])),
  }));
  const cells = histories.reduce((sum, { bars }) => sum + bars.endMs.length, 0) * plan.columns.length;
  const threads = cells < threadedCellsMin || histories.length < 2 ? 0 : availableParallelism();
  const columns = await computeInThreads({ spec: declaration.spec, histories, threads });
  const named = file.symbols.some(({ symbol }) => symbol !== undefined);
  const symbolOf = file.symbols.flatMap(({ symbol = '' }, index) =>
    Array.from({ length: histories[index]!.bars.endMs.length }, () => symbol),
  );
  const closes = histories.flatMap(({ bars }) => Array.from(bars.endMs, (ms) => timeText(ms, plan)));
  const values = plan.columns.map(({ name }, column): Column => {
    const parts = columns.map((of) => of[column]!);
    const whole = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return { name, type: 'double', values: whole };
  });
  const keys: Column[] = [
    ...(named ? [{ name: 'symbol', type: 'text', values: symbolOf } as const] : []),
    { name: plan.timeframe === '1d' ? 'session' : 'time', type: 'text', values: closes },
  ];
  return { table: [...keys, ...values], plan, symbols: file.symbols.length };
}

function compiled(spec: Parameters<typeof compileFeatures>[0], located: (fault: Failure) => Failure): FeaturePlan {
  try {
    return compileFeatures(spec);
  } catch (error) {
    throw error instanceof Failure ? located(error) : error;
  }
}

async function observationsFor(
  plan: FeaturePlan,
  file: BarFile,
  files: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, ReadonlyMap<string, readonly Observation[]>>> {
  const source = observationFiles(files);
  const symbols = file.symbols.map(({ symbol = '' }) => symbol);
  const found = plan.observations.map(async (set) => {
    const times = { arrivedFromMs: Number.NEGATIVE_INFINITY, arrivedBeforeMs: Number.POSITIVE_INFINITY };
    return [set, await source.observations({ set, symbols, ...times })] as const;
  });
  return new Map(await Promise.all(found));
}

/** Bars of the plan's timeframe: the file's own, or joined from shorter ones. */
function barTableOf(bars: FileBars, plan: FeaturePlan, { input, stamps }: DeclaredRequest): BarTable {
  const { stampMs, columns } = bars;
  if (!stampMs) throw unreadable(input, 'no column tells the time of its bars');
  const dates = stampMs.every((ms) => ms % 86_400_000 === 0);
  if (dates) {
    if (plan.timeframe === '1d') return { startMs: stampMs, endMs: stampMs, columns };
    throw unreadable(input, `its bars are of days, and the features of ${plan.timeframe}`);
  }
  const fields = Object.keys(columns) as readonly FeatureField[];
  const lengthMs = leastDistanceMs(stampMs);
  const convention = stamps === 'auto' ? stampConvention(stampMs) : stamps;
  if (!convention) throw unreadable(input, 'its stamps do not tell whether bars begin or end with them: give --stamps');
  const startMs = convention === 'start' ? stampMs : stampMs.map((ms) => ms - lengthMs);
  // The last bar before a close ends with it.
  const dayOf = barSpans(plan.market, '1d');
  const endMs = startMs.map((ms) => Math.min(ms + lengthMs, dayOf(ms)?.endMs ?? Number.POSITIVE_INFINITY));
  const table = { startMs, endMs, columns };
  if (lengthMs === timeframeMs(plan.timeframe)) return table;
  if (plan.timeframe === '1d' || timeframeMs(plan.timeframe) % lengthMs === 0) {
    return joinTable(table, fields, barSpans(plan.market, plan.timeframe));
  }
  throw unreadable(input, `its bars of ${lengthMs / 60_000} minutes make no bars of ${plan.timeframe}`);
}

function leastDistanceMs(stampMs: Float64Array): number {
  return stampMs.reduce(
    (least, ms, row) => (row === 0 ? least : Math.min(least, ms - stampMs[row - 1]!)),
    Number.POSITIVE_INFINITY,
  );
}

function timeText(endMs: number, { timeframe }: FeaturePlan): string {
  const text = new Date(endMs).toISOString();
  return timeframe === '1d' ? text.slice(0, 10) : text;
}

function unreadable(path: string, problem: string): Failure {
  return new Failure('BARS_UNREADABLE', `${path}, line 1: ${problem}`, { path, line: 1 });
}
