import { array, assert, float, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrate, forecastAround, intervalCoverage } from '#models/confidence.ts';
import { seededRandom, type Random } from '#domain/random.ts';

/** Normal numbers (Box and Muller 1958). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const noises: Readonly<Record<string, (random: Random) => number>> = {
  normal,
  'heavy in its tails': (random) => normal(random) / Math.sqrt(-Math.log(1 - random())),
  skewed: (random) => -Math.log(1 - random()) - 1,
  biased: (random) => normal(random) + 0.7,
};

describe.each(Object.entries(noises))('what a forecaster leaves unexplained is %s:', (_, noise) => {
  const random = seededRandom(11, 0);
  const residuals = (count: number): Float32Array => Float32Array.from({ length: count }, () => noise(random));

  it('the interval holds the return as often as it says, not less and hardly more', () => {
    // Over many calibrations: each of them is off by chance.
    let held = 0;
    const [calibrations, returns] = [200, 500];
    for (let round = 0; round < calibrations; round += 1) {
      const { lower, upper } = forecastAround(0.1, calibrate(residuals(400)));
      held += residuals(returns).filter((residual) => 0.1 + residual >= lower && 0.1 + residual <= upper).length;
    }
    const coverage = held / (calibrations * returns);
    expect(coverage).toBeGreaterThan(intervalCoverage - 0.005);
    expect(coverage).toBeLessThan(intervalCoverage + 0.015);
  });

  it('a confidence is the share of returns that have the sign of the forecast', () => {
    const calibration = calibrate(residuals(5_000));
    for (const mean of [-1.5, -0.4, -0.05, 0.05, 0.4, 1.5]) {
      const { confidence } = forecastAround(mean, calibration);
      const right = residuals(20_000).filter((residual) => Math.sign(mean + residual) === Math.sign(mean));
      expect(Math.abs(right.length / 20_000 - confidence)).toBeLessThan(0.025);
    }
  });
});

describe('a calibration', () => {
  it('gives ordered ends, a confidence in (0, 1) and a positive deviation, whatever the residuals', () => {
    const some = array(float({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 50 });
    assert(
      property(some, float({ min: -20, max: 20, noNaN: true }), (residuals, mean) => {
        const forecast = forecastAround(mean, calibrate(Float32Array.from(residuals)));
        expect(forecast.lower).toBeLessThanOrEqual(forecast.upper);
        expect(forecast.confidence).toBeGreaterThan(0);
        expect(forecast.confidence).toBeLessThan(1);
        expect(forecast.standardDeviation).toBeGreaterThan(0);
      }),
    );
  });

  it.each([[[]], [[1, Number.NaN]]])('is refused over %j', (residuals) =>
    expect(() => calibrate(Float32Array.from(residuals))).toThrow(RangeError),
  );
});
