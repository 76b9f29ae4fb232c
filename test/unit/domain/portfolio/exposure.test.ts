import { describe, expect, it } from 'vitest';
import { driftBreaches, exposures } from '#domain/portfolio/exposure.ts';

const loadings = { energy: Float64Array.of(1, 1, 0), value: Float64Array.of(0.5, -1, 2) };
const held = Float64Array.of(0.5, 0.2, 0.3);
const target = Float64Array.of(0.3, 0.3, 0.4);

describe('exposure', () => {
  it('is the sum of weights times loadings', () => {
    const { energy, value } = exposures(held, loadings);
    expect(energy).toBeCloseTo(0.7, 14);
    expect(value).toBeCloseTo(0.25 - 0.2 + 0.6, 14);
  });

  it('that drifted further than its limit is told with the target it left', () => {
    expect(driftBreaches({ held, target }, loadings, { energy: 0.05, value: 0.1 })).toEqual([
      { name: 'energy', exposure: 0.7, target: 0.6, limit: 0.05 },
    ]);
    expect(driftBreaches({ held, target }, loadings, { energy: 0.2 })).toEqual([]);
  });

  it('of what has no loadings, or not one for each asset, is refused', () => {
    const invalid = expect.objectContaining({ code: 'PORTFOLIO_INPUT_INVALID' });
    expect(() => driftBreaches({ held, target }, loadings, { size: 0.1 })).toThrow(invalid);
    expect(() => exposures(held, { value: Float64Array.of(1, 2) })).toThrow(invalid);
    expect(() => exposures(held, { value: Float64Array.of(1, 2, Number.NaN) })).toThrow(invalid);
  });
});
