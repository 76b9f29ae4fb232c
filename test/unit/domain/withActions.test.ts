import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DailyBars } from '#domain/bars.ts';
import type { CorporateAction } from '#domain/corporateAction.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { withActions } from '#domain/withActions.ts';

const day = (of: number): ReturnType<typeof sessionDate> => sessionDate(`2020-08-${String(of).padStart(2, '0')}`);
function barsOn(days: readonly number[]): DailyBars {
  const column = new Float64Array(days.length).fill(1);
  const [open, high, low, close, volume, adjustedClose] = [column, column, column, column, column, column];
  return { symbol: 'A', sessions: days.map(day), open, high, low, close, volume, adjustedClose };
}
const split = (exDate: number, ratio: number): CorporateAction => ({
  kind: 'split',
  symbol: 'A',
  exDate: day(exDate),
  ratio,
});
const paid = (exDate: number, amount: number): CorporateAction => ({
  kind: 'cashDividend',
  symbol: 'A',
  exDate: day(exDate),
  amount,
});
const columnsOf = (bars: DailyBars, actions: readonly CorporateAction[]) => {
  const { dividend, splitRatio } = withActions(bars, actions).actions!;
  return { dividend: [...dividend], splitRatio: [...splitRatio] };
};

describe('actions of raw bars', () => {
  test('stand on the session of their ex-date; several of one day add up and multiply', () => {
    const given = [paid(5, 0.5), paid(5, 0.25), split(4, 2), split(4, 3), { ...split(3, 9), symbol: 'B' }];
    expect(columnsOf(barsOn([3, 4, 5]), given)).toEqual({ dividend: [0, 0, 0.75], splitRatio: [1, 6, 1] });
  });

  test('of a day without a bar move to the next one, a dividend being told for a share as it is then', () => {
    expect(columnsOf(barsOn([3, 6]), [split(5, 4), paid(4, 1)])).toEqual({ dividend: [0, 0.25], splitRatio: [1, 4] });
    // Paid on the day of the split, it is paid for the new shares.
    expect(columnsOf(barsOn([3, 6]), [paid(6, 1), split(6, 4)])).toEqual({ dividend: [0, 1], splitRatio: [1, 4] });
  });

  test('after the last bar, or of another kind, change nothing', () => {
    const other: CorporateAction = { kind: 'other', symbol: 'A', exDate: day(3), vendorKind: 'spin_offs' };
    expect(columnsOf(barsOn([3]), [split(4, 2), paid(4, 1), other])).toEqual({ dividend: [0], splitRatio: [1] });
  });

  test('come out the same in whatever order they are given', () => {
    const actions = fc.array(
      fc.oneof(
        fc
          .record({ on: fc.integer({ min: 1, max: 28 }), ratio: fc.constantFrom(2, 4, 0.5) })
          .map((s) => split(s.on, s.ratio)),
        fc
          .record({ on: fc.integer({ min: 1, max: 28 }), amount: fc.constantFrom(0.25, 1, 4) })
          .map((d) => paid(d.on, d.amount)),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(actions, fc.uniqueArray(fc.integer({ min: 1, max: 28 }), { minLength: 1 }), (given, days) => {
        const bars = barsOn(days.toSorted((a, b) => a - b));
        expect(columnsOf(bars, given.toReversed())).toEqual(columnsOf(bars, given));
      }),
    );
  });
});
