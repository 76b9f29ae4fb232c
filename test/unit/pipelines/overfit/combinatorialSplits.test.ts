import { assert, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combinationCount, combinations } from '#pipelines/overfit/combinations.ts';
import {
  combinatorialPaths,
  combinatorialSplits,
  type CombinatorialPlan,
} from '#pipelines/overfit/combinatorialSplits.ts';
import type { RowRange } from '#pipelines/overfit/trialMatrix.ts';

const rowsOf = (ranges: readonly RowRange[]): readonly number[] =>
  ranges.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, row) => from + row));

const plans = record({
  sessions: integer({ min: 60, max: 120 }),
  groups: integer({ min: 3, max: 7 }),
  testGroups: integer({ min: 1, max: 2 }),
  purgeSessions: integer({ min: 0, max: 3 }),
  embargoSessions: integer({ min: 0, max: 3 }),
});

const plan: CombinatorialPlan = { groups: 6, testGroups: 2, purgeSessions: 0, embargoSessions: 0 };

describe('combinatorial purged cross-validation', () => {
  it('no label of training reaches into a test, and no label of a test into training', () => {
    assert(
      property(plans, ({ sessions, ...given }) => {
        const { purgeSessions, embargoSessions } = given;
        const reaches = (row: number, tested: number): boolean =>
          row < tested ? row + purgeSessions >= tested : row <= tested + purgeSessions + embargoSessions;
        for (const { test, train } of combinatorialSplits(sessions, given)) {
          const tested = rowsOf(test);
          expect(rowsOf(train).filter((row) => tested.some((other) => reaches(row, other)))).toEqual([]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('cuts no session that it need not cut', () => {
    const [split] = combinatorialSplits(60, { ...plan, purgeSessions: 2, embargoSessions: 3 });
    expect(split!.test).toEqual([
      { from: 0, to: 10 },
      { from: 10, to: 20 },
    ]);
    expect(split!.train).toEqual([{ from: 25, to: 60 }]);
  });

  it('tests every session in as many splits as there are paths, and each split once on a path', () => {
    assert(
      property(plans, ({ sessions, ...given }) => {
        const splits = combinatorialSplits(sessions, given);
        const paths = combinatorialPaths(splits);
        const { groups, testGroups } = given;
        expect(splits).toHaveLength(combinationCount(groups, testGroups));
        expect(paths).toHaveLength((testGroups / groups) * splits.length);
        const used = paths.flatMap((path) => path.map((split, group) => `${split} ${group}`));
        expect(new Set(used).size).toBe(used.length);
        expect(used).toHaveLength(splits.length * testGroups);
        for (const path of paths) {
          for (const [group, split] of path.entries()) expect(splits[split]!.groups).toContain(group);
        }
        const times = new Map<number, number>();
        for (const row of splits.flatMap(({ test }) => rowsOf(test))) times.set(row, (times.get(row) ?? 0) + 1);
        expect([times.size, ...new Set(times.values())]).toEqual([sessions, paths.length]);
      }),
    );
  });

  it("six groups, two at a time, are the book's fifteen splits and five paths", () => {
    const splits = combinatorialSplits(60, plan);
    expect([splits.length, combinatorialPaths(splits).length]).toEqual([15, 5]);
  });

  it.each([
    { testGroups: 0 },
    { testGroups: 6 },
    { groups: 2.5 },
    { purgeSessions: -1 },
    { groups: 100 },
    { purgeSessions: 60 },
    { groups: 30, testGroups: 15 },
  ])('refuses %o', (wrong) => {
    expect(() => combinatorialSplits(60, { ...plan, ...wrong })).toThrow(RangeError);
  });
});

describe('combinations', () => {
  it('are all there, once, in order', () => {
    expect(combinations(4, 2).map((one) => one.join(''))).toEqual(['01', '02', '03', '12', '13', '23']);
    expect([combinationCount(16, 8), combinationCount(5, 0), combinationCount(50, 3)]).toEqual([12_870, 1, 19_600]);
  });
});
