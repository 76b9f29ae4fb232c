import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { money } from '#domain/money.ts';
import { decimalText, exactMoney, moneyRoundedHalfAway, wholeShares } from '#infra/alpaca/decimalText.ts';

describe('decimal text of a vendor', () => {
  test('becomes ten-thousandths exactly, where floats would not', () => {
    expect(exactMoney('0.1')).toBe(1_000);
    expect(exactMoney('-23140.2')).toBe(-231_402_000);
    expect(exactMoney('1.0050000')).toBe(10_050);
    // 4,503,599,627.3705 has no double of its own at ten-thousandths by multiplication.
    expect(exactMoney('900719925474.0991')).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('finer than ten-thousandths is refused, or rounded half away from zero where that is asked for by name', () => {
    expect(() => exactMoney('1.00005')).toThrow(RangeError);
    expect(moneyRoundedHalfAway('1.00005')).toBe(10_001);
    expect(moneyRoundedHalfAway('-1.00005')).toBe(-10_001);
    expect(moneyRoundedHalfAway('1.00004999999999999999')).toBe(10_000);
    expect(moneyRoundedHalfAway('0.99995')).toBe(10_000);
    expect(Object.is(moneyRoundedHalfAway('-0.00001'), 0)).toBe(true);
  });

  test.each(['', '1e5', 'NaN', '1,000', '.5', ' 1', '+1', '0x10', '99999999999999999'])(
    'that is no decimal number, or too large, is refused: %j',
    (text) => {
      expect(() => exactMoney(text)).toThrow(RangeError);
      expect(() => moneyRoundedHalfAway(text)).toThrow(RangeError);
    },
  );

  test('of shares must be whole', () => {
    expect(wholeShares('120')).toBe(120);
    expect(wholeShares('-3.000')).toBe(-3);
    expect(() => wholeShares('0.5')).toThrow(RangeError);
  });

  test('goes there and back unchanged', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (amount) => {
        expect(exactMoney(decimalText(money(amount)))).toBe(amount === 0 ? 0 : amount);
        expect(decimalText(money(amount))).not.toMatch(/\.$|\.\d*0$/);
      }),
    );
  });
});
