import type { FeatureTable } from './featureTable.ts';
import { quantile } from './metrics.ts';

const bins = 10;
/** Share given to an empty bin, so that the logarithm stays finite. */
const shareMin = 1e-4;

/**
 * Population stability index of values against a reference, over the reference's deciles: 0 for the same population,
 * over 0.25 usually read as another one (Siddiqi 2006).
 * @returns null when either side has fewer than 10 values
 */
export function populationStability(reference: readonly number[], values: readonly number[]): number | null {
  if (reference.length < bins || values.length < bins) return null;
  const sorted = reference.toSorted((a, b) => a - b);
  const edges = Array.from({ length: bins - 1 }, (_, index) => quantile(sorted, (index + 1) / bins));
  const shares = (given: readonly number[]): readonly number[] => {
    const counts = Array.from({ length: bins }, () => 0);
    for (const value of given) counts[edges.filter((edge) => value > edge).length]! += 1;
    return counts.map((count) => Math.max(count / given.length, shareMin));
  };
  const [before, now] = [shares(reference), shares(values)];
  return now.reduce((sum, share, bin) => sum + (share - before[bin]!) * Math.log(share / before[bin]!), 0);
}

/** The feature whose last sessions differ most from all before them; undefined when there are too few of either. */
export function worstDrift(
  { symbols, sessions, names, values }: FeatureTable,
  recentSessions: number,
): { readonly name: string; readonly index: number } | undefined {
  const cut = sessions.length - recentSessions;
  const found = names.flatMap((name, feature) => {
    const column = (from: number, to: number): number[] =>
      symbols.flatMap((_, symbol) =>
        Array.from(
          { length: Math.max(0, to - from) },
          (_unused, row) => values[(symbol * sessions.length + from + row) * names.length + feature]!,
        ),
      );
    const finite = (given: readonly number[]): number[] => given.filter(Number.isFinite);
    const index = populationStability(finite(column(0, cut)), finite(column(Math.max(0, cut), sessions.length)));
    return index === null ? [] : [{ name, index }];
  });
  return found.sort((a, b) => b.index - a.index)[0];
}
