import { describe, expect, it } from 'vitest';
import { sessionDate } from '#domain/sessionDate.ts';
import { equityExchange, sessionState, tradingHours } from '#domain/tradingHours.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

describe('hours of a session', () => {
  it('run from four in the morning to eight in the evening of New York', () => {
    const { preMarketMs, afterHoursEndMs, shortened } = tradingHours(sessionDate('2024-07-02'));
    expect(iso(preMarketMs)).toBe('2024-07-02T08:00:00.000Z');
    expect(iso(afterHoursEndMs)).toBe('2024-07-03T00:00:00.000Z');
    expect(shortened).toBe(false);
  });

  it('end at five in the evening after an early close', () => {
    const { closeMs, afterHoursEndMs, shortened } = tradingHours(sessionDate('2024-07-03'));
    expect(iso(closeMs)).toBe('2024-07-03T17:00:00.000Z');
    expect(iso(afterHoursEndMs)).toBe('2024-07-03T21:00:00.000Z');
    expect(shortened).toBe(true);
  });

  it.each([
    ['2024-07-02T07:59:59Z', 'closed'],
    ['2024-07-02T08:00:00Z', 'preMarket'],
    ['2024-07-02T13:29:59Z', 'preMarket'],
    ['2024-07-02T13:30:00Z', 'regular'],
    ['2024-07-03T16:59:59Z', 'regular'],
    ['2024-07-03T17:00:00Z', 'afterHours'],
    ['2024-07-03T21:00:00Z', 'closed'],
    ['2024-07-02T23:59:59Z', 'afterHours'],
    ['2024-07-04T15:00:00Z', 'closed'],
    ['2024-07-06T15:00:00Z', 'closed'],
    ['2024-11-03T05:30:00Z', 'closed'],
  ])('at %s the exchange is in state %s', (at, state) => expect(sessionState(Date.parse(at))).toBe(state));
});

describe('exchanges', () => {
  it('are named by their market identifier code, in any case', () => expect(equityExchange('xnas')).toBe('XNAS'));
  it('without a calendar are refused by name', () =>
    expect(() => equityExchange('XLON')).toThrow(
      expect.objectContaining({ code: 'EXCHANGE_UNKNOWN', message: expect.stringContaining('XNYS') }),
    ));
});
