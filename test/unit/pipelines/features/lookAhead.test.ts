import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeFeaturePlan } from '#pipelines/features/computeFeaturePlan.ts';
import type { ColumnKind } from '#pipelines/features/featureKind.ts';
import { compileFeatures } from '#pipelines/features/featurePlan.ts';
import { FeatureStream } from '#pipelines/features/featureStream.ts';
import { featureKinds } from '#pipelines/features/kinds/registry.ts';
import { findLookAhead } from '#pipelines/features/lookAhead.ts';
import { everyOutputOf, wholeDeclaration } from './declarations.ts';
import { deliveredDays, fed, minuteHistory } from './minuteHistory.ts';

const history = minuteHistory(1, 3);
const rows = history.bars.endMs.length;
const anyRow = fc.integer({ min: 0, max: rows - 1 });

describe.each(featureKinds.map((kind) => [kind.name, kind] as const))('%s', (_, kind) => {
  const plan = compileFeatures(everyOutputOf(kind));

  it('never looks ahead: without the future the past is the same', () =>
    fc.assert(
      fc.property(anyRow, (row) => {
        expect(findLookAhead(plan, history, row)).toBeUndefined();
      }),
      { numRuns: 6 },
    ));

  it('has values, and gives row by row what it gives of the whole', () => {
    const whole = computeFeaturePlan(plan, history);
    expect(whole.some((column) => column.some((value) => !Number.isNaN(value)))).toBe(true);
    const streamed = fed(new FeatureStream(plan), history);
    for (const [index, column] of whole.entries()) {
      expect(Float64Array.from(streamed, (row) => row[index]!)).toEqual(column);
    }
  });
});

describe('a planted look into the future is found', () => {
  /** A kind that cheats, tried like any of the registry. */
  function cheating(advance: ReturnType<ColumnKind['begin']>['advance']): ReturnType<typeof findLookAhead> {
    const kind: ColumnKind = {
      reads: 'columns',
      name: 'cheat',
      title: '',
      inputs: ['close'],
      parameters: {},
      outputs: ['value'],
      begin: () => ({ advance }),
    };
    const spec = { timeframe: '1m', features: [{ name: 'cheat', indicator: 'cheat', parameters: {} }] } as const;
    return findLookAhead(compileFeatures(spec, [kind]), history, Math.floor(rows / 2));
  }

  it('that reads the next row', () =>
    expect(
      cheating(([close], [value], { from, to }) => {
        for (let row = from; row < to; row += 1) value![row] = close![row + 1] ?? Number.NaN;
      }),
    ).toMatchObject({ column: 'cheat', row: Math.floor(rows / 2) }));

  it('that divides by the greatest of all rows', () =>
    expect(
      cheating(([close], [value], { from, to }) => {
        const greatest = Math.max(...close!.map((price, row) => price * (1 + row)));
        for (let row = from; row < to; row += 1) value![row] = close![row]! / greatest;
      }),
    ).toMatchObject({ column: 'cheat', row: 0 }));

  it('that is the row itself, is none', () =>
    expect(cheating(([close], [value], { from, to }) => value!.set(close!.subarray(from, to), from))).toBeUndefined());
});

describe('a whole declaration', () => {
  const plan = compileFeatures(wholeDeclaration);

  it('gives live, bar by bar, what it gives of the history, days joined from minutes', () =>
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 8 }), (seed, everyMinutes) => {
        const given = minuteHistory(seed, everyMinutes);
        const whole = computeFeaturePlan(plan, given);
        const streamed = fed(new FeatureStream(plan), given);
        for (const [index, column] of whole.entries()) {
          expect(Float64Array.from(streamed, (row) => row[index]!)).toEqual(column);
        }
      }),
      { numRuns: 12 },
    ));

  it('gives the same with days that a vendor delivers after the close', () => {
    const given = { ...history, longer: { '1d': deliveredDays() } };
    const whole = computeFeaturePlan(plan, given);
    const dayRange = whole[plan.columns.findIndex(({ name }) => name === 'dayRange')]!;
    expect(dayRange.some((value) => value > 0)).toBe(true);
    const streamed = fed(new FeatureStream(plan, ['1d']), given);
    for (const [index, column] of whole.entries()) {
      expect(Float64Array.from(streamed, (row) => row[index]!)).toEqual(column);
    }
  });

  it('never looks ahead, wherever the future is taken away', () =>
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (seed, share) => {
        const given = { ...minuteHistory(seed), longer: { '1d': deliveredDays() } };
        expect(findLookAhead(plan, given, Math.floor(share * given.bars.endMs.length))).toBeUndefined();
      }),
      { numRuns: 20 },
    ));

  it('computes once what two features share', () =>
    expect(plan.steps.filter(({ kind }) => kind.name === 'MACD')).toHaveLength(1));

  it('leaves out of tables what only other features read', () =>
    expect(plan.columns.map(({ name }) => name)).not.toContain('momentum5m'));
});
