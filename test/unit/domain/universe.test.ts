import { describe, expect, it } from 'vitest';
import { sessionDate } from '#domain/sessionDate.ts';
import { createUniverse, membersOn, type Membership } from '#domain/universe.ts';

const day = (offset: number) => sessionDate(new Date(Date.UTC(2020, 0, 1 + offset)).toISOString().slice(0, 10));
const spell = (symbol: string, from: number, until?: number): Membership => ({
  symbol,
  from: day(from),
  ...(until !== undefined && { until: day(until) }),
});

describe('a universe', () => {
  it('has a symbol from its first day to the day before the one it left on, and again when it came back', () => {
    const universe = createUniverse([spell('B', 10), spell('A', 5), spell('B', 0, 4)]);
    expect([0, 3, 4, 5, 9, 10].map((offset) => membersOn(universe, day(offset)))).toEqual([
      ['B'],
      ['B'],
      [],
      ['A'],
      ['A'],
      ['A', 'B'],
    ]);
  });

  it.each([
    ['ends before it begins', [spell('A', 5, 5)]],
    ['overlaps itself', [spell('A', 0, 5), spell('A', 4)]],
    ['never ended and begins again', [spell('A', 0), spell('A', 9)]],
  ])('UNIVERSE_INVALID: a membership that %s is refused', (_what, memberships) => {
    expect(() => createUniverse(memberships)).toThrow(expect.objectContaining({ code: 'UNIVERSE_INVALID' }) as Error);
  });
});
