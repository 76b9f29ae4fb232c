import { expect, it } from 'vitest';
import { turbulenceOf } from '#pipelines/turbulence.ts';
import { randomNumbers } from './randomBars.ts';

const sessions = 300;
/** Closes of stocks that wander, shape [sessions, stocks]. */
function closesOf(stocks: number, seed = 1): Float64Array {
  const next = randomNumbers(seed);
  const closes = new Float64Array(sessions * stocks);
  for (let at = 0; at < closes.length; at += 1) closes[at] = (closes[at - stocks] ?? 100) * (0.98 + 0.04 * next());
  return closes;
}

it('of one stock is the square of its return in deviations of the sessions before', () => {
  const closes = closesOf(1);
  const returns = Array.from({ length: sessions - 1 }, (_, row) => closes[row + 1]! / closes[row]! - 1);
  const before = returns.slice(290 - 1 - 252, 290 - 1);
  const mean = before.reduce((sum, value) => sum + value, 0) / 252;
  const variance = before.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 251;
  expect(turbulenceOf(closes, 1)[290]).toBeCloseTo((returns[289]! - mean) ** 2 / variance, 9);
});

it('is zero until a year went before, and never negative', () => {
  const turbulence = turbulenceOf(closesOf(3), 3);
  expect(turbulence.subarray(0, 253).every((value) => value === 0)).toBe(true);
  expect(turbulence.subarray(253).every((value) => value > 0)).toBe(true);
});

it('of a session knows nothing of what follows', () => {
  const closes = closesOf(3);
  const cut = turbulenceOf(closes.slice(0, 3 * 280), 3);
  expect(turbulenceOf(closes, 3).subarray(0, 280)).toEqual(cut);
});

it('leaps when every stock falls at once', () => {
  const closes = closesOf(3);
  for (let stock = 0; stock < 3; stock += 1) closes[3 * 299 + stock] = closes[3 * 298 + stock]! * 0.8;
  const turbulence = turbulenceOf(closes, 3);
  expect(turbulence[299]).toBeGreaterThan(10 * Math.max(...turbulence.subarray(253, 299)));
});
