import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultFoldPlan, describeFold, outOfSampleSlices, walkForwardFolds, type FoldPlan } from '#pipelines/folds.ts';
import { splitHoldout } from '#pipelines/holdout.ts';
import { rowsOfSpan } from '#pipelines/sessionSpan.ts';
import { weekdays } from './randomBars.ts';

const calendar = weekdays(2_520);

const plans: fc.Arbitrary<FoldPlan & { readonly count: number; readonly skip: number }> = fc
  .record({ trainSessions: fc.integer({ min: 4, max: 60 }), testSessions: fc.integer({ min: 1, max: 30 }) })
  .chain(({ trainSessions, testSessions }) =>
    fc.record({
      kind: fc.constantFrom('rolling', 'anchored'),
      trainSessions: fc.constant(trainSessions),
      testSessions: fc.constant(testSessions),
      stepSessions: fc.integer({ min: 1, max: testSessions }),
      purgeSessions: fc.integer({ min: 0, max: 2 }),
      embargoSessions: fc.integer({ min: 0, max: 1 }),
      count: fc.integer({ min: trainSessions + testSessions, max: 400 }),
      skip: fc.nat(5),
    }),
  );

describe('walk-forward windows', () => {
  it('of a year, a quarter and a month are 106 over ten years', () => {
    const folds = walkForwardFolds(calendar);
    expect(folds).toHaveLength(106);
    expect(folds.at(-1)?.test.to).toBe(calendar[2_519]);
    expect(describeFold(folds[0]!)).toBe('window 0: train 2020-01-01 to 2020-12-17, test 2020-12-18 to 2021-03-16');
  });

  it('include the last full one, and leave over less than a step', () => {
    fc.assert(
      fc.property(plans, ({ count, ...plan }) => {
        const folds = walkForwardFolds(calendar.slice(0, count), plan);
        const end = calendar.indexOf(folds.at(-1)!.test.to) + 1;
        expect(count - end).toBeGreaterThanOrEqual(0);
        expect(count - end).toBeLessThan(plan.stepSessions);
      }),
    );
  });

  it('train only on what came before their test, less purge and embargo', () => {
    fc.assert(
      fc.property(plans, ({ count, ...plan }) => {
        for (const { train, test } of walkForwardFolds(calendar.slice(0, count), plan)) {
          const gap = calendar.indexOf(test.from) - calendar.indexOf(train.to);
          expect(gap).toBe(1 + plan.purgeSessions + plan.embargoSessions);
          const first = plan.kind === 'anchored' ? 0 : calendar.indexOf(test.from) - plan.trainSessions;
          expect(calendar.indexOf(train.from)).toBe(first);
          expect(calendar.indexOf(test.to) - calendar.indexOf(test.from)).toBe(plan.testSessions - 1);
        }
      }),
    );
  });

  it('stitch to a partition: every judged session counts exactly once', () => {
    fc.assert(
      fc.property(plans, ({ count, skip, ...plan }) => {
        const sessions = calendar.slice(0, count);
        const all = walkForwardFolds(sessions, plan);
        const folds = all.slice(Math.min(skip, all.length - 1));
        const slices = outOfSampleSlices(sessions, folds);
        const stitched = slices.flatMap((slice) => {
          const { first, end } = rowsOfSpan(sessions, slice);
          return sessions.slice(first, end);
        });
        const whole = rowsOfSpan(sessions, { from: folds[0]!.test.from, to: folds.at(-1)!.test.to });
        expect(stitched).toEqual(sessions.slice(whole.first, whole.end));
        slices.forEach((slice, index) => {
          expect(slice.from).toBe(folds[index]!.test.from);
          expect(slice.to <= folds[index]!.test.to).toBe(true);
        });
      }),
    );
  });

  it('with one left out in the middle cannot be stitched', () => {
    const folds = walkForwardFolds(calendar);
    expect(() => outOfSampleSlices(calendar, [folds[0]!, folds[2]!])).toThrow('consecutive');
  });

  it('anchored ones train on ever more, and are judged on the same sessions as rolling ones', () => {
    const [rolling, anchored] = (['rolling', 'anchored'] as const).map((kind) =>
      walkForwardFolds(calendar, { ...defaultFoldPlan, kind }),
    );
    expect(anchored!.map(({ test }) => test)).toEqual(rolling!.map(({ test }) => test));
    expect(describeFold(anchored![2]!)).toBe('window 2: train 2020-01-01 to 2021-02-15, test 2021-02-16 to 2021-05-13');
  });

  const plan: FoldPlan = {
    kind: 'rolling',
    trainSessions: 10,
    testSessions: 5,
    stepSessions: 5,
    purgeSessions: 0,
    embargoSessions: 0,
  };
  it('are refused when not one fits', () =>
    expect(() => walkForwardFolds(calendar.slice(0, 14), plan)).toThrow(
      expect.objectContaining({ code: 'SESSIONS_INSUFFICIENT' }),
    ));

  it.each([
    ['a step past its test', { stepSessions: 6 }],
    ['a step of nothing', { stepSessions: 0 }],
    ['half a session of training', { trainSessions: 9.5 }],
    ['nothing left to train on', { purgeSessions: 6, embargoSessions: 4 }],
  ])('are refused with %s', (_, change) =>
    expect(() => walkForwardFolds(calendar, { ...plan, ...change })).toThrow(RangeError),
  );
});

describe('the held-back end', () => {
  it('is the last 63 sessions, after 63 for scoring, after all others', () => {
    const split = splitHoldout(calendar);
    expect(split.training).toEqual({ from: calendar[0], to: calendar[2_520 - 127] });
    expect(split.scoring).toEqual({ from: calendar[2_520 - 126], to: calendar[2_520 - 64] });
    expect(split.heldBack).toEqual({ from: calendar[2_520 - 63], to: calendar[2_519] });
  });

  it('parts the sessions without overlap, less what is purged', () => {
    const sizes = {
      heldBackSessions: fc.nat(50),
      scoringSessions: fc.integer({ min: 1, max: 50 }),
      purgeSessions: fc.nat(5),
    };
    fc.assert(
      fc.property(fc.record(sizes), (plan) => {
        const sessions = calendar.slice(0, 200);
        const { training, scoring, heldBack } = splitHoldout(sessions, plan);
        expect(rowsOfSpan(sessions, scoring).first - rowsOfSpan(sessions, training).end).toBe(plan.purgeSessions);
        const scored = rowsOfSpan(sessions, scoring);
        expect(scored.end - scored.first).toBe(plan.scoringSessions);
        const held = heldBack ? rowsOfSpan(sessions, heldBack) : { first: scored.end, end: scored.end };
        expect(held).toEqual({ first: scored.end, end: 200 });
        expect(held.end - held.first).toBe(plan.heldBackSessions);
      }),
    );
  });

  it('is refused when nothing is left to train on', () =>
    expect(() => splitHoldout(calendar.slice(0, 126))).toThrow(
      expect.objectContaining({ code: 'SESSIONS_INSUFFICIENT' }),
    ));

  it('is refused without a session to score', () =>
    expect(() => splitHoldout(calendar, { heldBackSessions: 63, scoringSessions: 0, purgeSessions: 0 })).toThrow(
      RangeError,
    ));
});
