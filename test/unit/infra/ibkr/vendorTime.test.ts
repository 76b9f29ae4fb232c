import { describe, expect, test } from 'vitest';
import { barTimeMs, vendorTime } from '#infra/ibkr/vendorTime.ts';

describe("the vendor's times", () => {
  test('are written in UTC to the second', () => {
    expect(vendorTime(Date.parse('2026-04-02T13:30:00.999Z'))).toBe('20260402-13:30:00');
  });

  test.each([
    ['20260402', '2026-04-02T04:00:00Z'],
    ['20260112', '2026-01-12T05:00:00Z'],
    ['20260402 09:30:00 US/Eastern', '2026-04-02T13:30:00Z'],
    ['20260112  09:30:00 America/New_York', '2026-01-12T14:30:00Z'],
    ['1775136600', '2026-04-02T13:30:00Z'],
  ])('of a bar are read: %s', (text, expected) => {
    expect(barTimeMs(text)).toBe(Date.parse(expected));
  });

  test.each(['', '2026-04-02', '20260402 09:30:00', '20260402 09:30:00 MET', '20261402', 'finished'])(
    'are refused where their zone or day is not told: %s',
    (text) => expect(() => barTimeMs(text)).toThrow(RangeError),
  );
});
