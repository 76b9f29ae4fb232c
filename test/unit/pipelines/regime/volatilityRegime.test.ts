import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sessionDate, type SessionDate } from '#domain/sessionDate.ts';
import { sessionOfText } from '#infra/files/sessionOfText.ts';
import { defaultRegimeTerms, readVolatilityRegimes, type RegimeReading } from '#pipelines/regime/volatilityRegime.ts';

const shared = '../shared/data/benchmark_index';
const terms = { ...defaultRegimeTerms, lookBackSessions: 60, warmUpSessions: 20 };

function dates(count: number): readonly SessionDate[] {
  return Array.from({ length: count }, (_, day) =>
    sessionDate(new Date(Date.UTC(2000, 0, 1 + day)).toISOString().slice(0, 10)),
  );
}

/** Closes that swing up and down by a fraction, session after session. */
function swinging(swings: readonly number[]): Float64Array {
  let close = 100;
  return Float64Array.from([
    close,
    ...swings.map((swing, row) => (close *= row % 2 === 0 ? 1 + swing : 1 / (1 + swing))),
  ]);
}

describe('a volatility regime', () => {
  it('is known after the warm-up only', () => {
    const closes = swinging(Array<number>(20).fill(0.01));
    expect(readVolatilityRegimes(dates(20), closes.subarray(0, 20), terms)).toEqual([]);
    expect(readVolatilityRegimes(dates(21), closes, terms)).toHaveLength(1);
  });

  it('has the volatility of a market that swings evenly', () => {
    const closes = swinging(Array<number>(100).fill(0.01));
    const readings = readVolatilityRegimes(dates(101), closes, terms);
    for (const { volatility } of readings) expect(volatility).toBeCloseTo(Math.log(1.01) * Math.sqrt(252), 12);
  });

  it('turns to crisis when a quiet market breaks, and back when it has calmed', () => {
    const closes = swinging([
      ...Array<number>(60).fill(0.002),
      ...Array<number>(5).fill(0.05),
      ...Array<number>(90).fill(0.001),
    ]);
    const regimes = readVolatilityRegimes(dates(closes.length), closes, terms);
    expect(regimes[40]?.regime).not.toBe('crisis');
    expect(regimes[45]?.regime).toBe('crisis');
    expect(regimes.at(-1)?.regime).toBe('calm');
  });

  it('never changes when later sessions are added', () => {
    const swings = fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: 30, maxLength: 120 });
    fc.assert(
      fc.property(swings, fc.nat(), (given, cut) => {
        const closes = swinging(given);
        const whole = readVolatilityRegimes(dates(closes.length), closes, terms);
        const end = 1 + (cut % closes.length);
        const truncated = readVolatilityRegimes(dates(end), closes.subarray(0, end), terms);
        expect(whole.slice(0, truncated.length)).toEqual(truncated);
      }),
    );
  });

  it('does not flicker at a border: it is left for a calmer one only well under the rank it begins at', () => {
    const swings = fc.array(fc.double({ min: 0, max: 0.05, noNaN: true }), { minLength: 60, maxLength: 150 });
    fc.assert(
      fc.property(swings, (given) => {
        const closes = swinging(given);
        const readings = readVolatilityRegimes(dates(closes.length), closes, terms);
        const begins = { calm: 0, normal: terms.ranks[0], turbulent: terms.ranks[1], crisis: terms.ranks[2] };
        for (const [index, { regime, rank }] of readings.entries()) {
          const before = readings[index - 1]?.regime ?? regime;
          const hasRisen = begins[regime] > begins[before];
          expect(rank).toBeGreaterThanOrEqual(begins[regime] - (hasRisen ? 0 : terms.hysteresis));
        }
      }),
    );
  });

  it.skipIf(!existsSync(shared))(`tells what the VIX of ${shared} told, by the closes of the S&P 500 alone`, () => {
    const rows = gunzipSync(readFileSync(`${shared}/arch/sp500.csv.gz`))
      .toString()
      .trim()
      .split('\n')
      .slice(1);
    const vix = new Map(
      readFileSync(`${shared}/vix-daily.csv`, 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(','))
        .map((cells) => [cells[0], Number(cells[4])]),
    );
    const cells = rows.map((line) => line.split(','));
    const sessions = cells.map(([date]) => sessionOfText(date!)!);
    const closes = Float64Array.from(cells, (row) => Number(row[4]));
    const meanVix = (readings: readonly RegimeReading[]): number =>
      readings.reduce((sum, { session }) => sum + vix.get(session)!, 0) / readings.length;
    const known = readVolatilityRegimes(sessions, closes).filter(({ session }) => vix.has(session));
    expect(known.length).toBeGreaterThan(4_000);
    const [calm, normal, turbulent, crisis] = (['calm', 'normal', 'turbulent', 'crisis'] as const).map((regime) =>
      meanVix(known.filter((reading) => reading.regime === regime)),
    ) as [number, number, number, number];
    expect(calm).toBeLessThan(normal);
    expect(normal).toBeLessThan(turbulent);
    expect(turbulent).toBeLessThan(crisis);
    const on = (date: string) => known.find(({ session }) => session === date)?.regime;
    // August 2011 is ranked beside autumn 2008, which its look-back still holds.
    expect([on('2008-10-15'), on('2011-08-15'), on('2017-11-01')]).toEqual(['crisis', 'turbulent', 'calm']);
  });
});
