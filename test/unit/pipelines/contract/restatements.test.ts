import { describe, expect, it } from 'vitest';
import type { DailyBars } from '#domain/bars.ts';
import { dropRows } from '#pipelines/barRows.ts';
import { defaultContractRules } from '#pipelines/contract/contractRules.ts';
import { findRestatements } from '#pipelines/contract/restatements.ts';
import { firstRows, randomBars, randomBenchmark, weekdays } from '../randomBars.ts';

const sessions = weekdays(40);
const now = randomBars('AAA', sessions, 1);
const before = firstRows(now, 39);
const benchmark = randomBenchmark(sessions, 3);
const terms = { rules: defaultContractRules };

/** Rules, sessions and figures of what is found between two tellings of one symbol. */
function found(was: DailyBars, is: DailyBars, given: Parameters<typeof findRestatements>[2] = terms) {
  return findRestatements({ bars: [was], benchmark }, { bars: [is], benchmark }, given).map(
    ({ rule, session, figures }) => ({ rule, session, figures }),
  );
}

describe('what a provider tells otherwise than before', () => {
  it('is nothing when a session is added at the end', () => expect(found(before, now)).toEqual([]));

  it('is named with both figures when a row changed, by however little', () => {
    const volume = before.volume[5]!;
    const is = { ...now, volume: now.volume.with(5, volume + 1) };
    const figures = { volumeBefore: volume, volumeNow: volume + 1 };
    expect(found(before, is)).toEqual([{ rule: 'rowRestated', session: sessions[5], figures }]);
  });

  it('is named when a row is gone, or came in between', () => {
    expect(found(before, dropRows(now, [7]))).toEqual([{ rule: 'rowWithdrawn', session: sessions[7], figures: {} }]);
    expect(found(dropRows(before, [7]), now)).toEqual([{ rule: 'rowAdded', session: sessions[7], figures: {} }]);
  });

  it('is no restatement where a range was asked for to fill it', () => {
    const backfill = { from: sessions[6]!, to: sessions[8]! };
    expect(found(dropRows(before, [7]), now, { ...terms, backfill })).toEqual([]);
  });

  it('is one finding when a split moved all prices and volumes by one factor', () => {
    const halved = (column: Float64Array): Float64Array => column.map((price) => price / 2);
    const is = {
      ...now,
      open: halved(now.open),
      high: halved(now.high),
      low: halved(now.low),
      close: halved(now.close),
      adjustedClose: halved(now.adjustedClose),
      volume: now.volume.map((shares) => shares * 2),
    };
    expect(found(before, is)).toEqual([
      { rule: 'historyRescaled', session: sessions[0], figures: { factor: expect.closeTo(0.5, 9) as number } },
    ]);
  });

  it('is nothing when a dividend moved all adjusted closes, and a row where it moved only some', () => {
    const scaled = now.adjustedClose.map((close) => close * 0.99);
    expect(found(before, { ...now, adjustedClose: scaled })).toEqual([]);
    const partly = now.adjustedClose.map((close, row) => (row < 20 ? close * 0.99 : close));
    expect(found(before, { ...now, adjustedClose: partly })).toMatchObject([
      { rule: 'rowRestated', session: sessions[20] },
    ]);
  });

  it('is named when a dividend of raw prices came late', () => {
    const actions = { dividend: new Float64Array(40), splitRatio: new Float64Array(40).fill(1) };
    const late = { ...actions, dividend: actions.dividend.with(12, 0.5) };
    const was = { ...now, actions };
    expect(found(was, { ...now, actions: late })).toEqual([
      { rule: 'rowRestated', session: sessions[12], figures: { dividendBefore: 0, dividendNow: 0.5 } },
    ]);
  });

  it('is named when a symbol is gone, and when the benchmark changed', () => {
    const other = { ...benchmark, close: benchmark.close.with(3, 1) };
    const findings = findRestatements({ bars: [before], benchmark }, { bars: [], benchmark: other }, terms);
    expect(findings.map(({ rule, symbol, session }) => [rule, symbol, session])).toEqual([
      ['rowWithdrawn', 'AAA', null],
      ['rowRestated', 'the benchmark', sessions[3]],
    ]);
  });
});
