import { blocksOf, combinationCount, combinations } from './combinations.ts';
import type { RowRange } from './trialMatrix.ts';

/** How sessions are split for combinatorial purged cross-validation. */
export interface CombinatorialPlan {
  /** Consecutive groups of sessions, of equal length as near as may be. */
  readonly groups: number;
  /** Groups that each split tests on. */
  readonly testGroups: number;
  /** Sessions that a sample's label looks ahead: cut from training on either side of every test. */
  readonly purgeSessions: number;
  /** Further sessions cut from training after every test, against what labels do not show. */
  readonly embargoSessions: number;
}

/** One split; ranges are half-open, ascending and apart. */
export interface CombinatorialSplit {
  /** Groups tested on, ascending. */
  readonly groups: readonly number[];
  /** One for each group tested on. */
  readonly test: readonly RowRange[];
  readonly train: readonly RowRange[];
}

/** Ten groups, two at a time: 45 splits that make nine paths. */
export const defaultCombinatorialPlan: CombinatorialPlan = {
  groups: 10,
  testGroups: 2,
  purgeSessions: 0,
  embargoSessions: 0,
};

const splitsMax = 20_000;

/**
 * Splits of combinatorial purged cross-validation (Lopez de Prado 2018, chapter 12): every choice of groups is tested on
 * once, and training keeps no session whose label reaches into a test, or that a test's label reaches into.
 * @param sessions number of them
 * @returns groups over test groups of them
 * @throws RangeError for counts that are no whole numbers, no test or no training group, over 20,000 splits, fewer sessions
 *   than groups, or a split with nothing left to train on
 */
export function combinatorialSplits(
  sessions: number,
  plan: CombinatorialPlan = defaultCombinatorialPlan,
): readonly CombinatorialSplit[] {
  checkPlan(plan);
  const ranges = blocksOf(sessions, plan.groups);
  return combinations(plan.groups, plan.testGroups).map((groups) => {
    const test = groups.map((group) => ranges[group]!);
    const train = trainingOf(sessions, test, plan);
    if (train.length === 0)
      throw new RangeError(`purge and embargo leave nothing to train on beside groups ${groups.join()}`);
    return { groups, test, train };
  });
}

/**
 * Paths through the splits: on each every group is tested once, and no test is on two of them.
 * @param splits as `combinatorialSplits` gave them
 * @returns shape [paths][groups]: the split whose test of the group the path takes
 */
export function combinatorialPaths(splits: readonly CombinatorialSplit[]): readonly (readonly number[])[] {
  const ofGroup: number[][] = [];
  for (const [split, { groups }] of splits.entries()) for (const group of groups) (ofGroup[group] ??= []).push(split);
  return (ofGroup[0] ?? []).map((_, path) => ofGroup.map((tests) => tests[path]!));
}

function trainingOf(
  sessions: number,
  test: readonly RowRange[],
  { purgeSessions, embargoSessions }: CombinatorialPlan,
): readonly RowRange[] {
  const cuts = test.map(({ from, to }) => ({ from: from - purgeSessions, to: to + purgeSessions + embargoSessions }));
  const train: RowRange[] = [];
  let from = 0;
  for (const cut of [...cuts, { from: sessions, to: sessions }]) {
    if (cut.from > from) train.push({ from, to: cut.from });
    from = Math.max(from, cut.to);
  }
  return train;
}

function checkPlan(plan: CombinatorialPlan): void {
  const { groups, testGroups } = plan;
  if (!Object.values(plan).every((count) => Number.isSafeInteger(count) && count >= 0)) {
    throw new RangeError('groups, test groups, purge and embargo must be whole numbers of at least 0');
  }
  if (testGroups < 1 || testGroups >= groups) {
    throw new RangeError(`of ${groups} groups ${testGroups} cannot be tested on: both sides need one`);
  }
  if (combinationCount(groups, testGroups) > splitsMax) {
    throw new RangeError(`${testGroups} of ${groups} groups make over ${splitsMax} splits`);
  }
}
