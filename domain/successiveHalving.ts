import type { HalvingPlan, TrialStanding } from './searchSpace.ts';

/**
 * Epochs of each rung, ascending; the last is the whole training.
 * Source: Jamieson and Talwalkar, Non-stochastic best arm identification and hyperparameter optimization (2016).
 */
export function rungEpochs({ epochsMin, factor }: HalvingPlan, epochsMax: number): readonly number[] {
  const rungs: number[] = [];
  for (let epochs = epochsMin; epochs < epochsMax; epochs = Math.ceil(epochs * factor)) rungs.push(epochs);
  return [...rungs, epochsMax];
}

/**
 * The trials that go on to the next rung: the best one in `factor`, at least one, in the order of their numbers. Of
 * equal ones the earlier goes on; one that diverged never does.
 */
export function survivors(standings: readonly TrialStanding[], factor: number): readonly number[] {
  return ranked(standings)
    .slice(0, Math.max(1, Math.floor(standings.length / factor)))
    .map(({ trial }) => trial)
    .sort((a, b) => a - b);
}

/** Trials that did not diverge, the lowest loss first. */
export function ranked<Standing extends TrialStanding>(
  standings: readonly Standing[],
): readonly (Standing & { readonly loss: number })[] {
  return standings
    .filter((standing): standing is Standing & { readonly loss: number } => standing.loss !== null)
    .sort((a, b) => a.loss - b.loss || a.trial - b.trial);
}
