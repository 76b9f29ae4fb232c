import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  breakerProfiles,
  checkProfile,
  stricter,
  tradingStates,
  weighBreaker,
  type BreakerFigures,
} from '#domain/breaker.ts';
import { money } from '#domain/money.ts';
import { refuseRestart, restartedFrom } from '#domain/restart.ts';

const { standard, conservative } = breakerProfiles;
const calm: BreakerFigures = {
  state: 'active',
  equity: 1_000_000,
  dayOpenEquity: 1_000_000,
  highWaterMark: 1_000_000,
  lossStreak: 0,
  errors: 0,
};
const anyFigures = fc.record({
  state: fc.constantFrom(...tradingStates),
  equity: fc.integer({ min: -1_000, max: 2_000_000 }),
  dayOpenEquity: fc.integer({ min: 0, max: 2_000_000 }),
  highWaterMark: fc.integer({ min: 0, max: 2_000_000 }),
  lossStreak: fc.nat({ max: 10 }),
  errors: fc.nat({ max: 10 }),
  dataAgeMs: fc.nat({ max: 2_000_000 }),
  differences: fc.nat({ max: 2 }),
});

describe('the breaker ladder', () => {
  it.each([
    ['standard', 930_000, 'active'],
    ['standard', 929_999, 'reducing'],
    ['standard', 900_000, 'reducing'],
    ['standard', 899_999, 'halted'],
    ['conservative', 986_000, 'active'],
    ['conservative', 985_999, 'reducing'],
    ['conservative', 980_000, 'reducing'],
    ['conservative', 979_999, 'halted'],
  ] as const)('by the %s profile an equity of %d under a high of 1,000,000 is %s', (profile, equity, state) => {
    const weighed = weighBreaker({ ...calm, equity, dayOpenEquity: equity }, breakerProfiles[profile]);
    expect(weighed.state).toBe(state);
    expect(weighed.triggers.map(({ rule }) => rule)).toEqual(state === 'active' ? [] : ['drawdown']);
  });

  it.each([
    ['dailyLoss', { dayOpenEquity: 1_000_000, highWaterMark: 950_000, equity: 950_000 }, { equity: 949_999 }],
    ['lossStreak', { lossStreak: 4 }, { lossStreak: 5 }],
    ['systemErrors', { errors: 4 }, { errors: 5 }],
    ['staleData', { dataAgeMs: 900_000 }, { dataAgeMs: 900_001 }],
    ['brokerDisagrees', { differences: 0 }, { differences: 1 }],
  ] as const)('halts by %s: not at %o, but with %o', (rule, allowed, over) => {
    expect(weighBreaker({ ...calm, ...allowed }, standard)).toEqual({ state: 'active', triggers: [] });
    const { state, triggers } = weighBreaker({ ...calm, ...allowed, ...over }, standard);
    expect(state).toBe('halted');
    expect(triggers).toMatchObject([{ rule, to: 'halted' }]);
  });

  it('names every trigger that fired', () => {
    const bad = { ...calm, equity: 800_000, lossStreak: 7, errors: 9 };
    expect(weighBreaker(bad, standard).triggers.map(({ text }) => text)).toEqual([
      'drawdown 20.00 %',
      'daily loss 20.00 %',
      '7 losing trades in a row',
      '9 system errors in the session',
    ]);
  });

  it('only ever becomes stricter, and no stricter than its strictest trigger', () =>
    fc.assert(
      fc.property(anyFigures, (figures) => {
        const { state, triggers } = weighBreaker(figures, standard);
        expect(stricter(state, figures.state)).toBe(state);
        expect(state).toBe([figures.state, ...triggers.map(({ to }) => to)].reduce(stricter));
      }),
    ));

  it('gives the same state when its own answer is weighed again', () =>
    fc.assert(
      fc.property(anyFigures, (figures) => {
        const once = weighBreaker(figures, standard);
        expect(weighBreaker({ ...figures, state: once.state }, standard)).toEqual(once);
      }),
    ));

  it('is at least as strict by the conservative profile', () =>
    fc.assert(
      fc.property(anyFigures, (figures) => {
        const careful = weighBreaker(figures, conservative).state;
        expect(stricter(careful, weighBreaker(figures, standard).state)).toBe(careful);
      }),
    ));

  it('takes an account without equity for a total loss', () =>
    expect(weighBreaker({ ...calm, equity: -1, dayOpenEquity: 0, highWaterMark: 0 }, standard).state).toBe('halted'));

  it.each(['equity', 'dayOpenEquity', 'highWaterMark', 'lossStreak', 'errors', 'dataAgeMs', 'differences'] as const)(
    'refuses to weigh without knowing %s',
    (figure) => expect(() => weighBreaker({ ...calm, [figure]: Number.NaN }, standard)).toThrow(RangeError),
  );
});

describe('a breaker profile', () => {
  it.each([0.1, 0.11])('is refused when it reduces at %d and halts at 0.1', (drawdownReduceFraction) =>
    expect(() => checkProfile({ ...standard, drawdownReduceFraction })).toThrow('reduce before it halts'),
  );

  it('is refused when a level is nothing', () => {
    expect(() => checkProfile({ ...standard, lossStreakHalt: 0 })).toThrow(RangeError);
    expect(() => weighBreaker(calm, { ...standard, dailyLossHaltFraction: Number.NaN })).toThrow(RangeError);
  });

  it('of the house passes', () => {
    for (const profile of Object.values(breakerProfiles)) expect(() => checkProfile(profile)).not.toThrow();
  });
});

describe('a restart', () => {
  const asked = { state: 'halted', by: 'ben', askedBy: 'ann', differences: [] } as const;

  it('is for two different people', () => {
    expect(refuseRestart(asked)).toBeUndefined();
    expect(refuseRestart({ ...asked, by: 'ann' })?.code).toBe('RESTART_SAME_PERSON');
  });

  it('waits for the books to agree, and says where they do not', () =>
    expect(refuseRestart({ ...asked, differences: ['AAPL: 1 shares here, 2 at the broker'] })).toEqual({
      code: 'RESTART_UNRECONCILED',
      message: "our book and the broker's differ: AAPL: 1 shares here, 2 at the broker",
    }));

  it('is not needed while trading is active', () =>
    expect(refuseRestart({ ...asked, state: 'active' })?.code).toBe('RESTART_NOT_NEEDED'));

  it('makes the equity of the day the new high and forgets the losing trades', () => {
    const after = { ...calm, equity: 700_000, dayOpenEquity: 700_000, ...restartedFrom(money(700_000)) };
    expect(weighBreaker(after, standard)).toEqual({ state: 'active', triggers: [] });
  });
});
