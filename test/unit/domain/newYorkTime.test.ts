import { describe, expect, test } from 'vitest';
import { sessionDate } from '#domain/sessionDate.ts';
import { newYorkDate, newYorkText, newYorkTimeMs } from '#domain/newYorkTime.ts';

describe('time in New York', () => {
  test('opens at 14:30 UTC in winter and 13:30 in summer, changing with the American clocks', () => {
    const open = (date: string): string =>
      new Date(newYorkTimeMs(sessionDate(date), '09:30')).toISOString().slice(11, 16);
    expect(open('2020-03-06')).toBe('14:30');
    expect(open('2020-03-09')).toBe('13:30');
    expect(open('2020-10-30')).toBe('13:30');
    expect(open('2020-11-02')).toBe('14:30');
  });

  test('names the date there, not in UTC', () => {
    expect(newYorkDate(Date.parse('2020-03-14T01:00:00Z'))).toBe('2020-03-13');
    expect(newYorkDate(Date.parse('2020-03-14T04:00:00Z'))).toBe('2020-03-14');
  });

  test("is printed as Alpaca's clock prints it, and means the same instant", () => {
    const text = newYorkText(Date.parse('2025-06-24T18:15:22Z'));
    expect(text).toBe('2025-06-24T14:15:22-04:00');
    expect(Date.parse(text)).toBe(Date.parse('2025-06-24T18:15:22Z'));
    expect(newYorkText(Date.parse('2025-01-02T14:30:00Z'))).toBe('2025-01-02T09:30:00-05:00');
  });
});
