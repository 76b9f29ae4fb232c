import { assert, double, integer, property, record, array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DailyBars } from '#domain/bars.ts';
import { keepRows } from '#pipelines/barRows.ts';
import { checkContract } from '#pipelines/contract/checkContract.ts';
import { backwardAdjusted, grossReturn, pointInTimeAdjusted } from '#pipelines/corporateActions/totalReturn.ts';
import { randomBars, weekdays } from '../randomBars.ts';

const sessions = weekdays(300);
const calm = randomBars('AAA', sessions, 1);
const none = { dividend: new Float64Array(300), splitRatio: new Float64Array(300).fill(1) };

/** Raw bars that were quoted before some splits and dividends: prices before each are larger by its factor. */
function raw(
  actions: readonly { readonly row: number; readonly dividend?: number; readonly splitRatio?: number }[],
): DailyBars {
  const dividend = none.dividend.slice();
  const splitRatio = none.splitRatio.slice();
  const { open, high, low, close } = calm;
  const columns = { open: open.slice(), high: high.slice(), low: low.slice(), close: close.slice() };
  for (const action of actions) {
    dividend[action.row] = action.dividend ?? 0;
    splitRatio[action.row] = action.splitRatio ?? 1;
    for (const column of Object.values(columns)) {
      for (let row = 0; row < action.row; row += 1) column[row] = column[row]! * (action.splitRatio ?? 1);
    }
  }
  const bars = { ...calm, ...columns, actions: { dividend, splitRatio } };
  return { ...bars, adjustedClose: backwardAdjusted(bars) };
}
const findingsOf = (bars: DailyBars) => checkContract([bars], { expectedSessions: sessions }).findings;

describe('adjustment from raw prices and actions', () => {
  it('takes splits and dividends back, and leaves the last close as it was printed', () => {
    const close = Float64Array.of(100, 51, 50, 49);
    const actions = { dividend: Float64Array.of(0, 0, 1, 0), splitRatio: Float64Array.of(1, 2, 1, 1) };
    const adjusted = backwardAdjusted({ close, actions });
    expect(adjusted[3]).toBe(49);
    expect(adjusted[1]! / adjusted[0]!).toBeCloseTo(1.02, 12);
    expect(adjusted[2]! / adjusted[1]!).toBeCloseTo(1, 12);
  });

  it('knows at each session only what had happened by then', () => {
    const bars = raw([
      { row: 100, splitRatio: 4 },
      { row: 200, dividend: 0.5 },
    ]);
    const known = pointInTimeAdjusted({ close: bars.close, actions: bars.actions! }, 150);
    expect(known).toHaveLength(151);
    expect(known[150]).toBe(bars.close[150]);
    const later = bars.close.with(250, 1);
    expect(pointInTimeAdjusted({ close: later, actions: bars.actions! }, 150)).toEqual(known);
    // Their ratios are those of the whole history's: only the scale differs.
    expect(known[20]! / known[120]!).toBeCloseTo(bars.adjustedClose[20]! / bars.adjustedClose[120]!, 12);
  });

  it('keeps the total return over a row that is left out', () => {
    const row = record({
      close: double({ min: 1, max: 500, noNaN: true }),
      dividend: double({ min: 0, max: 2, noNaN: true }),
      ratio: integer({ min: 1, max: 4 }),
    });
    assert(
      property(array(row, { minLength: 5, maxLength: 5 }), (drawn) => {
        const bars: DailyBars = {
          ...keepRows(calm, [0, 1, 2, 3, 4]),
          close: Float64Array.from(drawn, ({ close }) => close),
          actions: {
            dividend: Float64Array.from(drawn, ({ dividend }) => dividend),
            splitRatio: Float64Array.from(drawn, ({ ratio }) => ratio),
          },
        };
        const kept = keepRows(bars, [0, 1, 4]);
        // One share bought at row 1's close: its shares and cash at row 4, the cash never put to work.
        let [shares, cash] = [1, 0];
        for (let at = 2; at <= 4; at += 1) {
          shares *= drawn[at]!.ratio;
          cash += shares * drawn[at]!.dividend;
        }
        const held = (shares * drawn[4]!.close + cash) / drawn[1]!.close;
        expect(grossReturn({ close: kept.close, actions: kept.actions! }, 2) / held).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe('corporate actions', () => {
  it('that fit their prices are no finding', () =>
    expect(
      findingsOf(
        raw([
          { row: 100, splitRatio: 4 },
          { row: 150, splitRatio: 0.05 },
          { row: 200, dividend: 0.4 },
        ]),
      ),
    ).toEqual([]));

  it('told twice are taken once: the one that explains the price stays', () => {
    const bars = raw([{ row: 100, splitRatio: 3 }]);
    const twice = { ...bars, actions: { ...bars.actions!, dividend: none.dividend.with(100, bars.close[100]! * 2) } };
    const { findings, bars: out } = checkContract([twice], { expectedSessions: sessions });
    expect(findings).toContainEqual(
      expect.objectContaining({ rule: 'actionMismatch', action: 'repaired', method: 'split alone' }),
    );
    expect(findings).toContainEqual(expect.objectContaining({ rule: 'spinOffAsDividend', session: sessions[100] }));
    expect(out[0]!.actions!.dividend[100]).toBe(0);
    expect(out[0]!.adjustedClose[0]).toBeCloseTo(bars.adjustedClose[0]!, 9);
  });

  it('a split that never moved the price is taken back', () => {
    const bars = raw([]);
    const phantom = { ...bars, actions: { ...none, splitRatio: none.splitRatio.with(100, 2) } };
    expect(findingsOf(phantom)).toContainEqual(
      expect.objectContaining({ rule: 'actionMismatch', session: sessions[100], method: 'neither' }),
    );
  });

  it('a split the source forgot quarantines the symbol', () => {
    const bars = raw([{ row: 100, splitRatio: 4 }]);
    const { quarantined } = checkContract([{ ...bars, actions: none }, randomBars('BBB', sessions, 2)], {
      expectedSessions: sessions,
    });
    expect(quarantined).toEqual(['AAA']);
  });

  it('that are no figures quarantine the symbol', () => {
    const bars = raw([]);
    for (const actions of [
      { ...none, splitRatio: none.splitRatio.with(5, 0) },
      { ...none, dividend: none.dividend.with(5, Number.NaN) },
    ]) {
      expect(findingsOf({ ...bars, actions })).toEqual([
        expect.objectContaining({ rule: 'actionInvalid', action: 'quarantined' }),
      ]);
    }
  });

  it('of which the vendor made another return are adjusted anew, and told', () => {
    const bars = raw([{ row: 100, dividend: 0.5 }]);
    const wrong = { ...bars, adjustedClose: bars.adjustedClose.map((close, row) => (row < 50 ? close * 1.01 : close)) };
    const { findings, bars: out } = checkContract([wrong], { expectedSessions: sessions });
    expect(findings).toEqual([
      expect.objectContaining({ rule: 'adjustmentMismatch', session: sessions[50], action: 'repaired' }),
    ]);
    expect(out[0]!.adjustedClose).toEqual(bars.adjustedClose);
  });
});

describe('rows', () => {
  it('on another scale than their neighbours are left out, once told', () => {
    const scaled = (column: Float64Array): Float64Array => column.with(100, (column[100]! * 2) / 3);
    const { open, high, low, close } = calm;
    const bars = { ...raw([]), open: scaled(open), high: scaled(high), low: scaled(low), close: scaled(close) };
    const { findings, bars: out } = checkContract([bars], { expectedSessions: sessions });
    expect(findings.filter(({ rule }) => rule !== 'adjustmentMismatch')).toEqual([
      expect.objectContaining({ rule: 'mixedAdjustment', session: sessions[100], action: 'skipped' }),
    ]);
    expect(out[0]!.sessions).toHaveLength(299);
  });

  it('before a long silence belong to another holder of the ticker, and are left out', () => {
    const kept = sessions.flatMap((_, row) => (row < 50 || row >= 150 ? [row] : []));
    const { findings, bars } = checkContract([keepRows(raw([]), kept)], { expectedSessions: sessions });
    expect(findings).toContainEqual(
      expect.objectContaining({
        rule: 'tickerReuse',
        session: sessions[150],
        figures: expect.objectContaining({ silentSessions: 100, rows: 50 }),
      }),
    );
    expect(bars[0]!.sessions[0]).toBe(sessions[150]);
  });

  it('without a trade, of a young symbol, and of tomorrow are told', () => {
    const rows = sessions.flatMap((_, row) => (row >= 30 ? [row] : []));
    const bars = keepRows({ ...raw([]), volume: calm.volume.with(60, 0) }, rows);
    const { findings } = checkContract([bars], { expectedSessions: sessions.slice(0, 298) });
    expect(findings.map(({ rule, action }) => [rule, action])).toEqual([
      ['futureSession', 'skipped'],
      ['futureSession', 'skipped'],
      ['lateListing', 'kept'],
      ['volumeZero', 'kept'],
    ]);
  });

  it('with a return that is extreme in itself are told even in a storm', () => {
    const storm = calm.close.map((close, row) => close * (row % 2 === 0 ? 1 : 1.2) * (row >= 201 ? 1.45 : 1));
    const prices = { open: storm, high: storm, low: storm, close: storm, adjustedClose: storm };
    const rules = findingsOf({ ...calm, ...prices }).map(({ rule, session }) => [rule, session]);
    expect(rules).toContainEqual(['returnExtreme', sessions[201]]);
  });
});
