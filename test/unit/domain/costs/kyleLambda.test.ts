import { describe, expect, it } from 'vitest';
import { estimateKyleLambda } from '#domain/costs/kyleLambda.ts';
import { seededRandom } from '#domain/random.ts';
import { CommonVariation } from '#pipelines/indicators/parts/commonVariation.ts';

const random = seededRandom(3, 0);
const flows = Array.from({ length: 400 }, () => Math.round((random() - 0.5) * 10_000));
const changes = flows.map((flow) => 2e-6 * flow + 0.001 + (random() - 0.5) * 0.01);

describe("Kyle's lambda", () => {
  it('is what the prices were moved by, within two of its standard errors', () => {
    const { lambda, standardError, drift, observations, tStatistic } = estimateKyleLambda(changes, flows);
    expect(Math.abs(lambda - 2e-6)).toBeLessThan(2 * standardError);
    expect(standardError).toBeLessThan(1e-7);
    expect(drift).toBeCloseTo(0.001, 3);
    expect(observations).toBe(400);
    expect(tStatistic).toBeCloseTo(lambda / standardError, 10);
  });

  it('is the slope of the feature over as many bars', () => {
    const variation = new CommonVariation(400);
    for (const [at, flow] of flows.entries()) variation.next(flow, changes[at]!);
    const { lambda } = estimateKyleLambda(changes, flows);
    expect(lambda).toBeCloseTo(variation.ofBoth / variation.ofFirst, 15);
  });

  it.each([
    ['29 intervals', changes.slice(0, 29), flows.slice(0, 29)],
    ['net buying that never changes', changes, flows.map(() => 7)],
  ])('is not told from %s', (_, some, signed) =>
    expect(() => estimateKyleLambda(some, signed)).toThrow(expect.objectContaining({ code: 'OBSERVATIONS_TOO_FEW' })),
  );

  it('is refused of figures that are none', () =>
    expect(() => estimateKyleLambda([Number.NaN, ...changes.slice(1)], flows)).toThrow(RangeError));
});
