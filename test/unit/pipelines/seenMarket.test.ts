import { describe, expect, it } from 'vitest';
import { computeFeatures, defaultFeatureSpec } from '#pipelines/features.ts';
import { seenMarket } from '#pipelines/seenMarket.ts';
import { prepareMarkets } from '#pipelines/tradingMarket.ts';
import { randomBars, randomBenchmark, weekdays } from './randomBars.ts';

const sessions = weekdays(420);
const bars = [randomBars('AAA', sessions, 1), randomBars('BBB', sessions, 2)];
const features = computeFeatures({ bars, benchmark: randomBenchmark(sessions, 3), spec: defaultFeatureSpec });
const source = { features, bars };
const { scaler, validation, validationSessions } = prepareMarkets(
  source,
  { from: sessions[0]!, to: sessions[399]! },
  { validationFraction: 0.25, turbulenceQuantile: 0.9, episodeSessions: null },
);

describe('a market as an agent sees it that was trained before', () => {
  const span = { from: validationSessions[0]!, to: validationSessions.at(-1)! };

  it('is the market it was scored in, turbulence included', () => {
    const seen = seenMarket(source, scaler, span);
    expect(seen.sessions).toEqual(validationSessions);
    expect(seen.market).toEqual(validation);
    expect(Math.max(...seen.market.turbulence!)).toBeGreaterThan(0);
  });

  it('shows of a session alone what it shows of it in a longer stretch', () => {
    const whole = seenMarket(source, scaler, span);
    const row = 37;
    const day = validationSessions[row]!;
    const alone = seenMarket(source, scaler, { from: day, to: day });
    expect(alone.sessions).toEqual([day]);
    expect(alone.market.prices).toEqual(whole.market.prices.slice(2 * row, 2 * row + 2));
    expect(alone.market.turbulence).toEqual(whole.market.turbulence!.slice(row, row + 1));
    expect(alone.deviations).toEqual(whole.deviations.slice(2 * row, 2 * row + 2));
  });

  it('measures deviations over the last quarter of returns', () => {
    const { deviations } = seenMarket(source, scaler, span);
    const close = bars[1]!.adjustedClose;
    const returns = Array.from({ length: 63 }, (_, back) => close[300 - back]! / close[299 - back]! - 1);
    const mean = returns.reduce((sum, value) => sum + value, 0) / 63;
    const squares = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    expect(deviations[1]).toBeCloseTo(Math.sqrt(squares / 62), 12);
  });
});
