import { describe, expect, it } from 'vitest';
import { figureLabel, figureText, percentText } from '#pipelines/figureText.ts';

describe('a figure in words', () => {
  it.each([
    ['sessions', 15_816, '15,816'],
    ['sharpe', -0.456, '−0.46'],
    ['sharpe', -0.001, '0.00'],
    ['totalReturn', 0.12345, '12.3 %'],
    ['totalReturn', 12.3456, '1,235 %'],
    ['maximumDrawdown', 0.0123, '1.23 %'],
    ['Sharpe, 5th percentile', 0.5, '0.50'],
    ['total return, median', null, '–'],
    ['beta', Number.NaN, '–'],
  ])('%s of %s reads %s', (name, value, text) => expect(figureText(name, value)).toBe(text));

  it('percent carries three digits, and no minus before zero', () => {
    expect([0.0999, 0.1, 0.9999, -0.00001].map(percentText)).toEqual(['9.99 %', '10.0 %', '100 %', '0.00 %']);
  });

  it('a name that is words already stays', () => {
    expect(figureLabel('sharpe')).toBe('Sharpe ratio');
    expect(figureLabel('toString')).toBe('toString');
  });
});
