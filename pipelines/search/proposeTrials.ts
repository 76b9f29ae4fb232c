import type { Dimension, SearchPlan, SearchPoint, TrialStanding } from '#domain/searchSpace.ts';
import { ranked } from '#domain/successiveHalving.ts';
import { parzenDensity } from './parzen.ts';
import { placeOf, valueAt } from './unitScale.ts';

/** A trial that is over its first rung: what it tried and what came out. */
export interface FinishedTrial extends TrialStanding {
  readonly point: SearchPoint;
}

// As published: a quarter of the root of the trials are the good ones, at most 25; 24 candidates compete.
const goodShare = 0.25;
const goodMax = 25;
const candidates = 24;
/** Random trials before the estimator has anything to learn from. */
export const startUpTrials = 10;

/**
 * The point of the next trial.
 * @param finished trials to learn from, in any order; those that diverged count among the bad ones
 * @param random the trial's own source: the same source and trials give the same point
 */
export function proposeTrial(
  { space, sampler }: Pick<SearchPlan, 'space' | 'sampler'>,
  finished: readonly FinishedTrial[],
  random: () => number,
): SearchPoint {
  const good = goodTrials(finished);
  const learns = sampler === 'tpe' && finished.length >= startUpTrials && good.length > 0;
  const parts = { good, bad: finished.filter((trial) => !good.includes(trial)) };
  // By name, so that the order in which a file lists its settings decides nothing.
  const names = Object.keys(space).sort();
  return Object.fromEntries(
    names.map((name) => {
      const dimension = space[name]!;
      if (!learns) return [name, drawn(dimension, random)];
      const valuesOf = (trials: readonly FinishedTrial[]) => trials.map(({ point }) => point[name]!);
      return [name, promising(dimension, { good: valuesOf(parts.good), bad: valuesOf(parts.bad) }, random)];
    }),
  );
}

function goodTrials(finished: readonly FinishedTrial[]): readonly FinishedTrial[] {
  const count = Math.min(goodMax, Math.ceil(goodShare * Math.sqrt(finished.length)));
  const good = new Set(
    ranked(finished)
      .slice(0, count)
      .map(({ trial }) => trial),
  );
  return finished.filter(({ trial }) => good.has(trial));
}

function drawn(dimension: Dimension, random: () => number): number | string {
  if (dimension.kind === 'range') return valueAt(dimension, random());
  return dimension.values[Math.floor(random() * dimension.values.length)]!;
}

interface Values {
  readonly good: readonly (number | string)[];
  readonly bad: readonly (number | string)[];
}

/** Of candidates drawn where good trials are dense, the one where they are densest beside the bad ones. */
function promising(dimension: Dimension, values: Values, random: () => number): number | string {
  if (dimension.kind === 'choice') return promisingChoice(dimension.values, values, random);
  const placesOf = (given: Values['good']) => given.map((value) => placeOf(dimension, Number(value)));
  const [good, bad] = [parzenDensity(placesOf(values.good)), parzenDensity(placesOf(values.bad))];
  const gain = (place: number): number => good.logDensity(place) - bad.logDensity(place);
  const places = Array.from({ length: candidates }, () => good.draw(random));
  return valueAt(dimension, best(places, gain));
}

function promisingChoice(
  options: readonly (number | string)[],
  { good, bad }: Values,
  random: () => number,
): number | string {
  // One more of each than was seen: nothing is ruled out.
  const count = (given: Values['good'], option: number | string): number =>
    1 + given.filter((value) => value === option).length;
  const weights = options.map((option) => count(good, option));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const draw = (): number => {
    let left = random() * total;
    const index = weights.findIndex((weight) => (left -= weight) < 0);
    return index < 0 ? options.length - 1 : index;
  };
  const gain = (index: number): number => Math.log(weights[index]! / count(bad, options[index]!));
  return options[best(Array.from({ length: candidates }, draw), gain)]!;
}

/** The first of those with the highest gain. */
function best(given: readonly number[], gain: (one: number) => number): number {
  let [winner, highest] = [given[0]!, gain(given[0]!)];
  for (const one of given.slice(1)) {
    const now = gain(one);
    if (now > highest) [winner, highest] = [one, now];
  }
  return winner;
}
