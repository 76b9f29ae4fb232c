import { describe, expect, it } from 'vitest';
import { RandomSource } from '#models/randomSource.ts';

describe('a source of random numbers', () => {
  it('goes on from a saved state as if undisturbed', () => {
    const source = new RandomSource(3, 1);
    source.fillNormal(new Float32Array(7));
    const saved = JSON.parse(JSON.stringify(source.state())) as number[];
    const undisturbed = [source.uniform(), source.integer(1_000), ...source.fillNormal(new Float32Array(5))];
    const other = new RandomSource(0, 0);
    other.restore(saved);
    expect([other.uniform(), other.integer(1_000), ...other.fillNormal(new Float32Array(5))]).toEqual(undisturbed);
  });

  it('draws standard normal numbers: moments and tails are those of the distribution', () => {
    const drawn = new RandomSource(1, 0).fillNormal(new Float32Array(200_001));
    const moment = (power: number): number => drawn.reduce((sum, value) => sum + value ** power, 0) / drawn.length;
    expect(moment(1)).toBeCloseTo(0, 2);
    expect(moment(2)).toBeCloseTo(1, 2);
    expect(moment(4)).toBeCloseTo(3, 1);
    const beyond = drawn.filter((value) => Math.abs(value) > 1.959964).length / drawn.length;
    expect(beyond).toBeCloseTo(0.05, 2);
  });

  it('draws every whole number below the count equally often', () => {
    const source = new RandomSource(2, 0);
    const counts = new Int32Array(5);
    for (let draw = 0; draw < 50_000; draw += 1) counts[source.integer(5)]! += 1;
    for (const count of counts) expect(count / 10_000).toBeCloseTo(1, 1);
  });

  it('draws other numbers for another seed or purpose', () => {
    const first = (seed: number, purpose: number): number => new RandomSource(seed, purpose).uniform();
    expect(new Set([first(1, 0), first(2, 0), first(1, 1)]).size).toBe(3);
  });
});
