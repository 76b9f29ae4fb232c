import { Failure } from '#domain/failure.ts';
import { readBarFile, type FileBars } from '#infra/fileDrop/barFile.ts';
import type { BarTable, FeatureField } from '#pipelines/features/barFields.ts';
import { joinTable, rowOf } from '#pipelines/features/barJoin.ts';
import type { FeaturePlan } from '#pipelines/features/featurePlan.ts';
import { barSpans, timeframeMs } from '#pipelines/features/timeframe.ts';
import { stampConvention } from '#pipelines/resample/stampConvention.ts';
import type { ClosedBars, SymbolBars, SymbolRow } from './closedBars.ts';

/** What the times of a file mean: the start or the end of a bar; `auto` lets them speak for themselves. */
export type StampChoice = 'start' | 'end' | 'auto';

interface FileOrigin {
  readonly path: string;
  readonly stamps: StampChoice;
}

/**
 * Bars of a file, of the plan's timeframe: the file's own, or joined from shorter ones.
 * @throws Failure BARS_UNREADABLE where their times do not serve, FILE_UNREADABLE
 */
export async function fileBars(origin: FileOrigin, plan: FeaturePlan): Promise<ClosedBars> {
  const { symbols } = await readBarFile(origin.path);
  const all = symbols.map((bars): SymbolBars => ({ symbol: bars.symbol, bars: barTableOf(bars, plan, origin) }));
  return {
    fields: Object.keys(all[0]?.bars.columns ?? {}) as readonly FeatureField[],
    tables: () => Promise.resolve(all),
    rows: () => oneAfterTheOther(all),
  };
}

async function* oneAfterTheOther(all: readonly SymbolBars[]): AsyncGenerator<SymbolRow> {
  for (const { symbol, bars } of all) {
    for (let row = 0; row < bars.endMs.length; row += 1) yield { symbol, row: rowOf(bars, row) };
  }
}

function barTableOf(bars: FileBars, plan: FeaturePlan, { path, stamps }: FileOrigin): BarTable {
  const { stampMs, columns } = bars;
  if (!stampMs) throw unreadable(path, 'no column tells the time of its bars');
  const dates = stampMs.every((ms) => ms % 86_400_000 === 0);
  if (dates) {
    if (plan.timeframe === '1d') return { startMs: stampMs, endMs: stampMs, columns };
    throw unreadable(path, `its bars are of days, and the features of ${plan.timeframe}`);
  }
  const fields = Object.keys(columns) as readonly FeatureField[];
  const lengthMs = leastDistanceMs(stampMs);
  const convention = stamps === 'auto' ? stampConvention(stampMs) : stamps;
  if (!convention) throw unreadable(path, 'its stamps do not tell whether bars begin or end with them: give --stamps');
  const startMs = convention === 'start' ? stampMs : stampMs.map((ms) => ms - lengthMs);
  // The last bar before a close ends with it.
  const dayOf = barSpans(plan.market, '1d');
  const endMs = startMs.map((ms) => Math.min(ms + lengthMs, dayOf(ms)?.endMs ?? Number.POSITIVE_INFINITY));
  const table = { startMs, endMs, columns };
  if (lengthMs === timeframeMs(plan.timeframe)) return table;
  if (plan.timeframe === '1d' || timeframeMs(plan.timeframe) % lengthMs === 0) {
    return joinTable(table, fields, barSpans(plan.market, plan.timeframe));
  }
  throw unreadable(path, `its bars of ${lengthMs / 60_000} minutes make no bars of ${plan.timeframe}`);
}

function leastDistanceMs(stampMs: Float64Array): number {
  return stampMs.reduce(
    (least, ms, row) => (row === 0 ? least : Math.min(least, ms - stampMs[row - 1]!)),
    Number.POSITIVE_INFINITY,
  );
}

function unreadable(path: string, problem: string): Failure {
  return new Failure('BARS_UNREADABLE', `${path}, line 1: ${problem}`, { path, line: 1 });
}
