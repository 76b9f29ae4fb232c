import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dimension, SearchPoint, SearchSpace } from '#domain/searchSpace.ts';
import { seededRandom } from '#domain/random.ts';
import { parzenDensity } from '#pipelines/search/parzen.ts';
import { proposeTrial, type FinishedTrial } from '#pipelines/search/proposeTrials.ts';
import { placeOf, valueAt } from '#pipelines/search/unitScale.ts';

const learningRate = { kind: 'range', from: 1e-4, to: 1e-1, scale: 'logarithmic', whole: false } as const;
const units = { kind: 'range', from: 8, to: 64, scale: 'linear', whole: true } as const;
const space: SearchSpace = { learningRate, units, optimiser: { kind: 'choice', values: ['adam', 'sgd', 'lion'] } };

/** Lowest at a learning rate of 0.003, 40 units and `lion`. */
function loss(point: SearchPoint): number {
  return (
    (Math.log10(Number(point.learningRate)) - Math.log10(0.003)) ** 2 +
    ((Number(point.units) - 40) / 32) ** 2 +
    (point.optimiser === 'lion' ? 0 : 0.5)
  );
}

function searched(
  sampler: 'random' | 'tpe',
  { trials, seed }: { trials: number; seed: number },
): readonly FinishedTrial[] {
  const finished: FinishedTrial[] = [];
  for (let trial = 0; trial < trials; trial += 1) {
    const point = proposeTrial({ space, sampler }, finished, seededRandom(seed, trial));
    finished.push({ trial, point, loss: loss(point) });
  }
  return finished;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const lowest = (trials: readonly FinishedTrial[]): number => Math.min(...trials.map((trial) => trial.loss!));

describe('proposeTrial', () => {
  it('stays within the space, whatever was seen', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000 }),
        fc.array(fc.option(fc.double({ min: -10, max: 10, noNaN: true })), { maxLength: 40 }),
        (seed, losses) => {
          const random = seededRandom(seed, 0);
          const finished = losses.map((one, trial) => ({
            trial,
            loss: one,
            point: proposeTrial({ space, sampler: 'random' }, [], random),
          }));
          const point = proposeTrial({ space, sampler: 'tpe' }, finished, random);
          expect(point.learningRate).toBeGreaterThanOrEqual(1e-4);
          expect(point.learningRate).toBeLessThanOrEqual(1e-1);
          expect(Number.isInteger(point.units)).toBe(true);
          expect(point.units).toBeGreaterThanOrEqual(8);
          expect(point.units).toBeLessThanOrEqual(64);
          expect(['adam', 'sgd', 'lion']).toContain(point.optimiser);
        },
      ),
    );
  });

  it('gives the same point for the same seed and trials, in whatever order settings are listed', () => {
    const finished = searched('tpe', { trials: 20, seed: 1 });
    const turned = Object.fromEntries(Object.entries(space).toReversed());
    const [one, other] = [space, turned].map((given) =>
      proposeTrial({ space: given, sampler: 'tpe' }, finished, seededRandom(3, 20)),
    );
    expect(other).toEqual(one);
  });

  it('finds better points than random draws with the same number of trials', () => {
    const results = Array.from({ length: 15 }, (_, seed) => ({
      random: lowest(searched('random', { trials: 60, seed })),
      tpe: lowest(searched('tpe', { trials: 60, seed })),
    }));
    expect(median(results.map(({ tpe }) => tpe))).toBeLessThan(0.7 * median(results.map(({ random }) => random)));
  });

  it('draws at random where every trial diverged', () => {
    const diverged = searched('random', { trials: 30, seed: 2 }).map((trial) => ({ ...trial, loss: null }));
    const tpe = proposeTrial({ space, sampler: 'tpe' }, diverged, seededRandom(5, 30));
    expect(tpe).toEqual(proposeTrial({ space, sampler: 'random' }, [], seededRandom(5, 30)));
  });
});

describe('parzenDensity', () => {
  it('is a density: its integral over [0, 1] is 1', () => {
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 30 }), (places) => {
        const density = parzenDensity(places);
        const steps = 4_000;
        let sum = 0;
        for (let step = 0; step < steps; step += 1) sum += Math.exp(density.logDensity((step + 0.5) / steps)) / steps;
        expect(sum).toBeCloseTo(1, 3);
      }),
      { numRuns: 30 },
    );
  });

  it('draws what its density says', () => {
    const density = parzenDensity([0.1, 0.12, 0.9]);
    const random = seededRandom(1, 1);
    const draws = Array.from({ length: 20_000 }, () => density.draw(random));
    const below = draws.filter((place) => place < 0.25).length / draws.length;
    const steps = 1_000;
    let wanted = 0;
    for (let step = 0; step < steps; step += 1)
      wanted += Math.exp(density.logDensity((step + 0.5) / steps / 4)) / steps / 4;
    expect(below).toBeCloseTo(wanted, 1);
  });
});

describe('unit scale', () => {
  const ranges: readonly Extract<Dimension, { kind: 'range' }>[] = [learningRate, units];

  it.each(ranges)('places the values of $from to $to where they came from', (range) => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (place) => {
        const value = valueAt(range, place);
        expect(valueAt(range, placeOf(range, value))).toBeCloseTo(value, 9);
      }),
    );
  });

  it('gives every whole number the same chance', () => {
    const few = { kind: 'range', from: 1, to: 4, scale: 'linear', whole: true } as const;
    const counts = [0, 0, 0, 0];
    for (let step = 0; step < 1_000; step += 1) counts[valueAt(few, (step + 0.5) / 1_000) - 1]! += 1;
    expect(counts).toEqual([250, 250, 250, 250]);
  });
});
