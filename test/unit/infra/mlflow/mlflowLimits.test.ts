import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { batches, filterText, metricValue, paramList, tagList } from '#infra/mlflow/mlflowLimits.ts';

test('batches hold every entry once, in order, within the limits of number and bytes', () => {
  const entry = fc.record({ key: fc.string(), value: fc.string({ maxLength: 6_000, unit: 'grapheme' }) });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (entries, entriesMax) => {
      const cut = batches(entries, entriesMax);
      expect(cut.flat()).toEqual(entries);
      for (const batch of cut) {
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(entriesMax);
        expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThanOrEqual(1_000_000);
      }
    }),
    { numRuns: 30 },
  );
});

test('a megabyte of few long values is cut by bytes', () => {
  const entries = Array.from({ length: 100 }, (_, index) => ({ key: `${index}`, value: '∑'.repeat(6_000) }));
  const cut = batches(entries, 100);
  expect(cut.map((batch) => batch.length)).toEqual([49, 49, 2]);
});

test('what MLflow would cut or bend in silence is refused', () => {
  expect(tagList({ note: 'x'.repeat(8_000) })).toHaveLength(1);
  expect(() => tagList({ note: 'x'.repeat(8_001) })).toThrow('8001 characters');
  expect(() => paramList({ note: 'x'.repeat(6_001) })).toThrow('6001 characters');
  expect(() => paramList({ ['x'.repeat(251)]: '' })).toThrow('251 characters');
  expect(() => metricValue('loss', -Infinity)).toThrow('-Infinity');
  expect([metricValue('loss', Number.NaN), metricValue('loss', 0.1)]).toEqual(['NaN', 0.1]);
});

test('a search text cannot leave its quotes', () => {
  expect(filterText('train:forecaster:abc')).toBe("'train:forecaster:abc'");
  for (const text of ["a' OR '1'='1", 'a"', 'a`', 'a\\', 'a\n', '']) expect(() => filterText(text)).toThrow(RangeError);
});
