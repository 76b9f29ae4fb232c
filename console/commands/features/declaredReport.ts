import type { ColumnTable } from '#domain/columnTable.ts';
import type { FeaturePlan } from '#pipelines/features/featurePlan.ts';
import { tableText } from '../../answer.ts';
import type { DeclaredRequest } from './declaredFeatures.ts';

/** What is told of a table of declared features, to programs and to people. */
export function declaredReport(
  plan: FeaturePlan,
  table: ColumnTable,
  { origin, declaration }: Pick<DeclaredRequest, 'origin' | 'declaration'>,
): { readonly value: Readonly<Record<string, unknown>>; readonly text: string } {
  const rows = table[0]?.values.length ?? 0;
  const named = table.find(({ name }) => name === 'symbol')?.values;
  const symbols = named ? new Set<unknown>(named).size : Math.min(rows, 1);
  const features = plan.columns.map(({ name, step }) => {
    const { kind, timeframe } = plan.steps[step]!;
    return { name, kind: kind.name, timeframe, values: presentIn(table, name) };
  });
  const lines = features.map(({ name, kind, timeframe, values }) => [name, kind, timeframe, String(values)]);
  const input = origin.kind === 'bars' ? { input: origin.path } : { events: origin.paths };
  const counted = `${rows} rows of ${symbols === 1 ? 'one symbol' : `${symbols} symbols`}`;
  return {
    value: { ...input, declaration, rows, symbols, features },
    text: `${tableText(['feature', 'kind', 'timeframe', 'values'], lines)}\n${counted}`,
  };
}

/** Rows in which a column has a value. */
export function presentIn(table: ColumnTable, name: string): number {
  const column = table.find((one) => one.name === name);
  return column?.type === 'double' ? column.values.filter((value) => !Number.isNaN(value)).length : 0;
}
