import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { rungEpochs, survivors } from '#domain/successiveHalving.ts';

it('rungs grow by the factor and end with the whole training', () => {
  expect(rungEpochs({ epochsMin: 1, factor: 3 }, 27)).toEqual([1, 3, 9, 27]);
  expect(rungEpochs({ epochsMin: 2, factor: 4 }, 10)).toEqual([2, 8, 10]);
  expect(rungEpochs({ epochsMin: 5, factor: 2 }, 5)).toEqual([5]);
  expect(rungEpochs({ epochsMin: 9, factor: 2 }, 5)).toEqual([5]);
});

it('keeps the best one in so many, and never one that diverged', () => {
  const losses = [0.4, null, 0.2, 0.2, 0.9, 0.1];
  const standings = losses.map((loss, trial) => ({ trial, loss }));
  expect(survivors(standings, 2)).toEqual([2, 3, 5]);
  expect(survivors(standings, 3)).toEqual([2, 5]);
  expect(survivors(standings, 100)).toEqual([5]);
  expect(survivors([{ trial: 0, loss: null }], 2)).toEqual([]);
});

it('lets nobody end who is better than one that goes on', () => {
  const losses = fc.array(fc.option(fc.double({ noNaN: true, min: -1e6, max: 1e6 })), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(losses, fc.integer({ min: 2, max: 5 }), (given, factor) => {
      const standings = given.map((loss, trial) => ({ trial, loss }));
      const kept = new Set(survivors(standings, factor));
      const worst = Math.max(...[...kept].map((trial) => given[trial]!));
      const ended = given.filter((loss, trial) => !kept.has(trial) && loss !== null);
      expect(ended.every((loss) => loss! >= worst)).toBe(true);
    }),
  );
});
