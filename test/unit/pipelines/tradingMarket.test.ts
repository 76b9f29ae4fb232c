import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DailyBars } from '#domain/bars.ts';
import { computeFeatures, defaultFeatureSpec } from '#pipelines/features.ts';
import { prepareMarkets, type PreparedMarkets } from '#pipelines/tradingMarket.ts';
import { randomBars, randomBenchmark, randomNumbers, weekdays } from './randomBars.ts';

const sessions = weekdays(420);
const market = [randomBars('AAA', sessions, 1), randomBars('BBB', sessions, 2)];
const benchmark = randomBenchmark(sessions, 3);
const span = { from: sessions[0]!, to: sessions[399]! };
const cut = { validationFraction: 0.25, turbulenceQuantile: 0.9, episodeSessions: null };

function prepared(bars: readonly DailyBars[]): PreparedMarkets {
  return prepareMarkets({ features: computeFeatures({ bars, benchmark, spec: defaultFeatureSpec }), bars }, span, cut);
}

/** The same bars up to a session, others after it. */
function otherFuture(bars: DailyBars, after: string, seed: number): DailyBars {
  const next = randomNumbers(seed);
  const factors = bars.sessions.map((session) => (session > after ? 0.5 + next() : 1));
  const scaled = (column: Float64Array): Float64Array => column.map((value, row) => value * factors[row]!);
  const { open, high, low, close, adjustedClose, volume } = bars;
  const prices = { open: scaled(open), high: scaled(high), low: scaled(low), close: scaled(close) };
  return { ...bars, ...prices, adjustedClose: scaled(adjustedClose), volume: scaled(volume) };
}

describe('the markets of an agent', () => {
  const whole = prepared(market);

  it('hold every session once, training before validation, none of those held back', () => {
    const { training, validation, validationSessions } = whole;
    expect(validationSessions[0]).toBe(sessions[300]);
    expect(validationSessions.at(-1)).toBe(sessions[399]);
    expect(validation.sessions).toBe(100);
    // Features warm up over fifty sessions and a return.
    expect(training.sessions).toBeLessThan(300);
    expect(training.sessions).toBeGreaterThan(240);
    const close = market[1]!.adjustedClose;
    expect(validation.prices.slice(0, 4)).toEqual(
      Float64Array.of(market[0]!.adjustedClose[300]!, close[300]!, market[0]!.adjustedClose[301]!, close[301]!),
    );
  });

  it('know nothing, in training, of what follows it, nor in validation of what is held back', () =>
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const trainingEnd = prepared(market.map((bars) => otherFuture(bars, sessions[299]!, seed)));
        expect(trainingEnd.training).toEqual(whole.training);
        expect(trainingEnd.scaler).toEqual(whole.scaler);
        expect(trainingEnd.turbulenceThreshold).toBe(whole.turbulenceThreshold);
        expect(trainingEnd.validation).not.toEqual(whole.validation);
        expect(prepared(market.map((bars) => otherFuture(bars, span.to, seed)))).toEqual(whole);
      }),
      { numRuns: 8 },
    ));

  it('must hold an episode of the training (SESSIONS_INSUFFICIENT)', () => {
    const features = computeFeatures({ bars: market, benchmark, spec: defaultFeatureSpec });
    const { sessions: present } = whole.training;
    const cutFor = (episodeSessions: number) => () =>
      prepareMarkets({ features, bars: market }, span, { ...cut, episodeSessions });
    expect(cutFor(present)).not.toThrow();
    expect(cutFor(present + 1)).toThrow(
      expect.objectContaining({ code: 'SESSIONS_INSUFFICIENT', details: { needed: present + 1, present } }),
    );
  });

  it('leave out sessions on which a symbol has no bar', () => {
    const rows = Array.from(sessions.keys()).filter((row) => row !== 350);
    const pick = (column: Float64Array): Float64Array => Float64Array.from(rows, (row) => column[row]!);
    const { open, high, low, close, adjustedClose, volume } = market[0]!;
    const columns = { open, high, low, close, adjustedClose, volume };
    const thinned = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, pick(column)]));
    const gap = { ...market[0]!, ...thinned, sessions: rows.map((row) => sessions[row]!) };
    const { validationSessions } = prepared([gap, market[1]!]);
    expect(validationSessions).toHaveLength(99);
    expect(validationSessions).not.toContain(sessions[350]);
  });

  it('are refused when nothing is left to trade (TRAINING_DATA_EMPTY)', () => {
    const features = computeFeatures({ bars: market, benchmark, spec: defaultFeatureSpec });
    const predictions = new Float64Array(2 * sessions.length).fill(Number.NaN);
    expect(() => prepareMarkets({ features, bars: market, predictions }, span, cut)).toThrow(
      expect.objectContaining({ code: 'TRAINING_DATA_EMPTY' }),
    );
  });
});
