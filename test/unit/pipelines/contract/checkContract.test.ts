import { describe, expect, it } from 'vitest';
import { pickRows, type DailyBars } from '#domain/bars.ts';
import { Failure } from '#domain/failure.ts';
import { checkContract, publishableBars } from '#pipelines/contract/checkContract.ts';
import { defaultContractRules } from '#pipelines/contract/contractRules.ts';
import { randomBars, weekdays } from '../randomBars.ts';

const sessions = weekdays(300);
const clean = randomBars('AAA', sessions, 1);
const other = randomBars('BBB', sessions, 2);
const rows = sessions.map((_, row) => row);

/** Bars with one figure of one row replaced. */
function spoiled(
  column: 'open' | 'high' | 'low' | 'close' | 'adjustedClose' | 'volume',
  row: number,
  value: number,
): DailyBars {
  return { ...clean, [column]: clean[column].with(row, value) };
}

describe('clean bars', () => {
  const report = checkContract([other, clean], { expectedSessions: sessions });
  it('are publishable without a finding', () => {
    expect(report.findings).toEqual([]);
    expect(report.verdict).toBe('publishable');
  });
  it('come out unchanged, symbols sorted', () => expect(report.bars).toEqual([clean, other]));
});

describe('sessions', () => {
  it('out of order are sorted, and that is reported', () => {
    const swapped = pickRows(clean, [1, 0, ...rows.slice(2)]);
    const report = checkContract([swapped]);
    expect(report.bars).toEqual([clean]);
    expect(report.findings).toEqual([
      { rule: 'sessionOrder', symbol: 'AAA', session: sessions[0], figures: { misplacedRows: 1 }, action: 'repaired' },
    ]);
  });

  it('repeated with the same figures are kept once', () => {
    const report = checkContract([pickRows(clean, [0, 0, ...rows.slice(1)])]);
    expect(report.bars).toEqual([clean]);
    expect(report.findings).toMatchObject([{ rule: 'duplicateSession', action: 'skipped', figures: { rowsKept: 1 } }]);
  });

  it('repeated with other figures are all skipped, since nothing says which is right', () => {
    const doubled = pickRows(clean, [0, 1, 1, ...rows.slice(2)]);
    const report = checkContract([{ ...doubled, volume: doubled.volume.with(1, 5) }, other]);
    expect(report.bars[0]?.sessions).toEqual(sessions.filter((_, row) => row !== 1));
    expect(report.findings).toMatchObject([
      { rule: 'duplicateSession', action: 'skipped', figures: { rows: 2, rowsKept: 0 } },
    ]);
  });

  it('that another symbol has are missed, one finding a gap', () => {
    const report = checkContract([pickRows(clean, [...rows.slice(0, 10), ...rows.slice(12)]), other]);
    expect(report.findings).toMatchObject([
      { rule: 'missingSession', symbol: 'AAA', session: sessions[10], figures: { sessions: 2, to: sessions[11] } },
    ]);
    expect(report.verdict).toBe('publishable');
  });

  it('of the calendar are missed even where no symbol has them', () => {
    const gap = (bars: DailyBars): DailyBars => pickRows(bars, [...rows.slice(0, 10), ...rows.slice(11)]);
    const report = checkContract([gap(clean), gap(other)], { expectedSessions: sessions });
    expect(report.findings.map(({ rule, symbol }) => `${rule} ${symbol}`)).toEqual([
      'missingSession AAA',
      'missingSession BBB',
    ]);
  });

  it('before a symbol was listed are not missed', () =>
    expect(checkContract([pickRows(clean, rows.slice(100)), other]).findings).toMatchObject([
      { rule: 'lateListing', session: sessions[100], action: 'kept' },
    ]));

  it('that a symbol stopped having quarantine it', () => {
    const report = checkContract([pickRows(clean, rows.slice(0, 290)), other]);
    expect(report.findings).toMatchObject([
      { rule: 'missingSession', action: 'quarantined', figures: { sessions: 10 } },
    ]);
    expect(report.bars.map(({ symbol }) => symbol)).toEqual(['BBB']);
  });

  it('that are no sessions of the calendar are skipped', () => {
    const report = checkContract([clean], { expectedSessions: sessions.filter((_, row) => row !== 7) });
    expect(report.findings).toEqual([
      { rule: 'unexpectedSession', symbol: 'AAA', session: sessions[7], figures: {}, action: 'skipped' },
    ]);
    expect(report.bars[0]?.sessions).toHaveLength(299);
  });
});

describe('figures', () => {
  it.each([
    ['open', 0, 0],
    ['high', Number.NaN, 'NaN'],
    ['low', -1, -1],
    ['close', Infinity, 'Infinity'],
    ['adjustedClose', 0, 0],
  ] as const)('of %s that are %d lose the row', (column, value, shown) => {
    const report = checkContract([spoiled(column, 20, value), other]);
    expect(report.findings).toMatchObject([
      { rule: 'priceInvalid', session: sessions[20], figures: { [column]: shown }, action: 'skipped' },
    ]);
    expect(report.bars[0]?.sessions).not.toContain(sessions[20]);
  });

  it.each([-1, Number.NaN])('of volume that are %d lose the row', (value) =>
    expect(checkContract([spoiled('volume', 20, value), other]).findings).toMatchObject([
      { rule: 'volumeInvalid', action: 'skipped' },
    ]),
  );

  it('of volume that are 0 keep the row', () =>
    expect(checkContract([spoiled('volume', 20, 0)]).findings).toMatchObject([{ rule: 'volumeZero', action: 'kept' }]));

  it('a high under its low loses the row', () =>
    expect(checkContract([spoiled('high', 20, clean.low[20]! * 0.9), other]).findings[0]).toMatchObject({
      rule: 'rangeOrder',
      action: 'skipped',
    }));

  it.each([
    ['close', 'closeOutsideRange'],
    ['open', 'openOutsideRange'],
  ] as const)('of %s a little outside the range widen it', (column, rule) => {
    const value = clean.high[20]! * 1.001;
    const report = checkContract([spoiled(column, 20, value)]);
    expect(report.findings).toMatchObject([{ rule, session: sessions[20], action: 'repaired' }]);
    expect(report.bars[0]?.high[20]).toBe(value);
  });

  it('a close far outside its range, adjusted alone, loses the row', () => {
    const report = checkContract([spoiled('close', 20, clean.low[20]! * 0.9), other]);
    expect(report.findings[0]).toMatchObject({ rule: 'closeOutsideRange', action: 'skipped' });
    expect(report.bars[0]?.sessions).not.toContain(sessions[20]);
  });

  it('a close outside by the rounding of a 32-bit float stays as it is, without a finding', () => {
    const noisy = spoiled('close', 20, clean.high[20]! * (1 + 1e-8));
    expect(checkContract([noisy])).toMatchObject({ findings: [], bars: [noisy] });
  });
});

describe('returns', () => {
  /** All prices from a row on, times a factor. */
  const jumped = (row: number, factor: number): DailyBars => {
    const moved = (column: Float64Array): Float64Array =>
      column.map((value, at) => (at < row ? value : value * factor));
    const { open, high, low, close, adjustedClose } = clean;
    const prices = { open: moved(open), high: moved(high), low: moved(low), close: moved(close) };
    return { ...clean, ...prices, adjustedClose: moved(adjustedClose) };
  };

  it('far outside those before them are reported and kept', () => {
    const report = checkContract([jumped(200, 1.3)]);
    expect(report.findings).toMatchObject([{ rule: 'returnOutlier', session: sessions[200], action: 'kept' }]);
    expect(report.bars[0]?.sessions).toHaveLength(300);
  });

  it.each([0.5, 0.1, 3])('that look like a split of factor %d quarantine the symbol', (factor) => {
    const report = checkContract([jumped(200, factor), other]);
    expect(report.findings).toContainEqual(
      expect.objectContaining({ rule: 'splitUnadjusted', session: sessions[200], action: 'quarantined' }),
    );
    expect(report.quarantined).toEqual(['AAA']);
  });

  it('of nothing for five sessions are a stale run', () => {
    const still = clean.close[50]!;
    const hold = (column: Float64Array): Float64Array => column.slice().fill(still, 50, 55);
    const { open, high, low, close } = clean;
    const prices = { open: hold(open), high: hold(high), low: hold(low), close: hold(close) };
    expect(checkContract([{ ...clean, ...prices }]).findings).toMatchObject([
      { rule: 'staleRun', session: sessions[50], figures: { sessions: 5 }, action: 'kept' },
    ]);
  });
});

describe('the whole is refused, and nothing may be published', () => {
  const refusal = (given: readonly DailyBars[]): unknown => {
    try {
      return publishableBars(checkContract(given), 's3://bucket/report.html');
    } catch (error) {
      return error;
    }
  };
  it.each([
    ['there is nothing', [], 'emptyDataset'],
    ['a symbol comes twice', [clean, clean], 'duplicateSymbol'],
    ['columns differ in length', [{ ...clean, low: clean.low.slice(1) }], 'columnLength'],
    ['no symbol is left', [spoiledAll()], 'emptyDataset'],
    ['too many symbols are quarantined', [spoiledAll(), other], 'quarantinedSymbols'],
  ] as const)('when %s', (_, given, rule) => {
    const error = refusal(given);
    expect(error).toBeInstanceOf(Failure);
    expect(error).toMatchObject({ code: 'DATA_CONTRACT_BROKEN' });
    expect((error as Failure).message).toContain(rule);
  });

  it('but not when one of six is', () => {
    const many = ['C', 'D', 'E', 'F'].map((symbol, index) => randomBars(symbol, sessions, 10 + index));
    const report = checkContract([spoiledAll(), other, ...many]);
    expect(publishableBars(report, 's3://bucket/report.html').map(({ symbol }) => symbol)).toEqual([
      'BBB',
      'C',
      'D',
      'E',
      'F',
    ]);
    expect(report.findings.at(-1)).toBeDefined();
  });

  it('and the thresholds are the caller’s', () => {
    const rules = { ...defaultContractRules, quarantinedFractionMax: 0.5 };
    expect(checkContract([spoiledAll(), other], { rules }).verdict).toBe('publishable');
  });

  function spoiledAll(): DailyBars {
    return { ...clean, open: clean.open.slice().fill(Number.NaN, 0, 100) };
  }
});
