import { existsSync, readFileSync } from 'node:fs';
import { array, assert, integer, property, record, uniqueArray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IntradayBars } from '#domain/intradayBars.ts';
import { newYorkTimeMs } from '#domain/newYorkTime.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { resampleBars } from '#pipelines/resample/resampleBars.ts';
import { stampConvention } from '#pipelines/resample/stampConvention.ts';

const minuteMs = 60_000;
const recorded = '../shared/data/minute/eqker_2019';
const at = (time: string, date = '2019-02-11'): number => newYorkTimeMs(sessionDate(date), time);

type Row = readonly [startMs: number, open: number, high: number, low: number, close: number, volume: number];
function minutes(rows: readonly Row[]): IntradayBars {
  const column = (index: number): Float64Array => Float64Array.from(rows, (row) => row[index]!);
  const prices = { open: column(1), high: column(2), low: column(3), close: column(4), volume: column(5) };
  return { symbol: 'SPY', lengthMs: minuteMs, startMs: column(0), ...prices };
}
const flat = (startMs: number, price: number, volume = 1): Row => [startMs, price, price, price, price, volume];

describe('resampling', () => {
  it('takes the first open, the highest high, the lowest low, the last close and the whole volume', () => {
    const bars = minutes([
      [at('09:30'), 10, 12, 9, 11, 100],
      [at('09:31'), 11, 15, 11, 14, 50],
      [at('09:44'), 14, 14, 7, 8, 1],
      [at('09:45'), 8, 8, 8, 8, 5],
    ]);
    expect(resampleBars(bars, 15 * minuteMs).resampled).toEqual([
      expect.objectContaining({ open: 10, high: 15, low: 7, close: 8, volume: 151, bars: 3, endMs: at('09:45') }),
      expect.objectContaining({ open: 8, close: 8, volume: 5, bars: 1, startMs: at('09:45') }),
    ]);
  });

  it('never joins bars over an open or a close, and ends the last hour with the session', () => {
    const times = ['09:29', '09:30', '15:59', '16:00'];
    const { resampled } = resampleBars(minutes(times.map((time) => flat(at(time), 1))), 60 * minuteMs);
    expect(resampled.map(({ state, startMs, endMs }) => [state, startMs, endMs])).toEqual([
      ['preMarket', at('09:00'), at('09:30')],
      ['regular', at('09:30'), at('10:30')],
      ['regular', at('15:30'), at('16:00')],
      ['afterHours', at('16:00'), at('17:00')],
    ]);
  });

  it('makes a day of the whole of regular trading, shortened or not', () => {
    const half = '2019-07-03';
    const rows = [flat(at('09:30', half), 3), flat(at('12:59', half), 4), flat(at('13:00', half), 9)];
    const [day, evening] = resampleBars(minutes(rows), 'session').resampled;
    expect(day).toMatchObject({ session: half, state: 'regular', close: 4, endMs: at('13:00', half) });
    expect(evening).toMatchObject({ state: 'afterHours', open: 9 });
  });

  it('names bars while the exchange is closed and puts them in none', () => {
    const sunday = at('10:00', '2019-02-10');
    const { resampled, outsideHoursMs } = resampleBars(minutes([flat(sunday, 1), flat(at('09:30'), 2)]), 5 * minuteMs);
    expect(outsideHoursMs).toEqual([sunday]);
    expect(resampled).toHaveLength(1);
  });

  it('refuses lengths that do not add up, and rows out of order', () => {
    expect(() => resampleBars(minutes([]), 90_000)).toThrow('do not add up');
    expect(() => resampleBars(minutes([]), 30_000)).toThrow('do not add up');
    const twice = minutes([flat(at('09:30'), 1), flat(at('09:30'), 1)]);
    expect(() => resampleBars(twice, 5 * minuteMs)).toThrow('bar 1 does not follow');
  });

  it('keeps volume and range, and gives the same by way of a shorter length', () => {
    const offsets = uniqueArray(integer({ min: 0, max: 389 }), { minLength: 1, maxLength: 60 });
    const prices = array(record({ price: integer({ min: 1, max: 500 }), volume: integer({ min: 0, max: 1_000 }) }), {
      minLength: 60,
      maxLength: 60,
    });
    assert(
      property(offsets, prices, (times, drawn) => {
        const rows = times
          .toSorted((a, b) => a - b)
          .map((minute, row) => flat(at('09:30') + minute * minuteMs, drawn[row]!.price, drawn[row]!.volume));
        const direct = resampleBars(minutes(rows), 30 * minuteMs).resampled;
        const five = resampleBars(minutes(rows), 5 * minuteMs).resampled;
        const again = resampleBars(
          {
            ...minutes(five.map((bar) => [bar.startMs, bar.open, bar.high, bar.low, bar.close, bar.volume])),
            lengthMs: 5 * minuteMs,
          },
          30 * minuteMs,
        ).resampled;
        expect(again.map((bar) => ({ ...bar, bars: 0 }))).toEqual(direct.map((bar) => ({ ...bar, bars: 0 })));
        const whole = rows.reduce((sum, row) => sum + row[5], 0);
        expect(direct.reduce((sum, { volume }) => sum + volume, 0)).toBe(whole);
      }),
    );
  });

  it.skipIf(!existsSync(recorded))(`makes exactly the 15-minute bars of ${recorded} from its minutes`, () => {
    const rowsOf = (file: string): readonly Row[] =>
      readFileSync(`${recorded}/${file}`, 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => {
          const [stamp = '', ...figures] = line.split(',');
          const endMs = newYorkTimeMs(sessionDate(stamp.slice(0, 10)), stamp.slice(11));
          const [open, high, low, close, volume] = figures.map(Number) as [number, number, number, number, number];
          return [endMs, open, high, low, close, volume] as const;
        })
        .toReversed();
    const stampedAtEnd = rowsOf('SPY_1min.csv');
    expect(stampConvention(Float64Array.from(stampedAtEnd, ([endMs]) => endMs))).toBe('end');
    const bars = minutes(stampedAtEnd.map(([endMs, ...figures]) => [endMs - minuteMs, ...figures]));
    const made = resampleBars(bars, 15 * minuteMs).resampled;
    const known = rowsOf('SPY_15min.csv').filter(([endMs]) => endMs > made[0]!.startMs);
    expect(made).toHaveLength(130);
    expect(made.map(({ endMs, open, high, low, close, volume }) => [endMs, open, high, low, close, volume])).toEqual(
      known,
    );
  });
});

describe('the convention of stamps', () => {
  it('is told by the open and the close', () => {
    expect(stampConvention(Float64Array.of(at('09:30'), at('15:59')))).toBe('start');
    expect(stampConvention(Float64Array.of(at('09:31'), at('16:00')))).toBe('end');
  });
  it('is unknown when stamps tell neither or both', () => {
    expect(stampConvention(Float64Array.of(at('09:40'), at('15:50')))).toBeUndefined();
    expect(stampConvention(Float64Array.of(at('09:30'), at('16:00')))).toBeUndefined();
  });
});
