import { describe, expect, it } from 'vitest';
import { populationStability, worstDrift } from '#pipelines/drift.ts';
import { weekdays } from './randomBars.ts';

const tenths = Array.from({ length: 100 }, (_, row) => row);

describe('the population stability index', () => {
  it('is zero for the same population', () => expect(populationStability(tenths, tenths)).toBeCloseTo(0, 12));

  it('is the sum over deciles of (share now - share before) times the logarithm of their ratio', () => {
    // All values in the lowest tenth: its share goes from 0.1 to 1, the others' to the least share.
    const low = Array.from({ length: 50 }, () => 3);
    const known = 0.9 * Math.log(10) + 9 * (1e-4 - 0.1) * Math.log(1e-4 / 0.1);
    expect(populationStability(tenths, low)).toBeCloseTo(known, 9);
  });

  it('grows with the shift, and is undefined for few values', () => {
    const shifted = (by: number): number =>
      populationStability(
        tenths,
        tenths.map((value) => value + by),
      )!;
    expect(shifted(5)).toBeGreaterThan(0);
    expect(shifted(40)).toBeGreaterThan(shifted(20));
    expect(shifted(20)).toBeGreaterThan(shifted(5));
    expect(populationStability(tenths.slice(0, 9), tenths)).toBeNull();
    expect(populationStability(tenths, [1])).toBeNull();
  });
});

describe('the worst drift', () => {
  const sessions = weekdays(120);
  const names = ['calm', 'moving', 'empty'];
  const symbols = ['AAA', 'BBB'];
  const values = new Float64Array(symbols.length * sessions.length * names.length);
  for (let row = 0; row < symbols.length * sessions.length; row += 1) {
    const session = row % sessions.length;
    values[row * 3] = session % 10;
    values[row * 3 + 1] = (session % 10) + (session >= 100 ? 8 : 0);
    values[row * 3 + 2] = Number.NaN;
  }

  it('names the feature whose last sessions differ most, leaving out what has no values', () => {
    const found = worstDrift({ symbols, sessions, names, values }, 20);
    expect(found?.name).toBe('moving');
    expect(found!.index).toBeGreaterThan(0.25);
  });

  it('is undefined when there are too few sessions on either side', () => {
    expect(worstDrift({ symbols, sessions, names, values }, 2)).toBeUndefined();
    expect(worstDrift({ symbols, sessions, names, values }, 120)).toBeUndefined();
  });
});
