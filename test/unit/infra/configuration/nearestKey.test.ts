import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, nearestKey } from '#infra/configuration/nearestKey.ts';

test('the edit distance of known words is the known one', () => {
  expect(editDistance('kitten', 'sitting')).toBe(3);
  expect(editDistance('', 'abc')).toBe(3);
  expect(editDistance('flaw', 'lawn')).toBe(2);
});

test('the edit distance is a metric: symmetric, zero only for equals, never beaten by a detour', () => {
  const text = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(text, text, text, (a, b, c) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
    }),
  );
});

test('a key in the wrong section is found by its last part', () => {
  expect(nearestKey('promotion.account', ['promotion.gate', 'trading.account'])).toBe('trading.account');
});
