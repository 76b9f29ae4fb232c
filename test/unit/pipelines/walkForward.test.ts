import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultFoldPlan, walkForwardFolds } from '#pipelines/folds.ts';
import { stitchWindows, windowStatistics, type JudgedWindow, type WindowSharpe } from '#pipelines/walkForward.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { weekdays } from './randomBars.ts';

/** Windows of as many sessions as the step: none overlaps. */
const apart = (sharpes: readonly (number | null)[]): readonly WindowSharpe[] =>
  sharpes.map((sharpe, index) => ({ sharpe, testFrom: day(2 * index), testTo: day(2 * index + 1) }));
const day = (index: number): string => new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(0, 10);

describe('statistics over windows', () => {
  it('are mean, sample deviation and minimum of what is defined, and how many are positive of all', () =>
    expect(windowStatistics(apart([1, null, 2, -3]))).toEqual({
      windows: 4,
      undefinedWindows: 1,
      meanSharpe: 0,
      // Deviations 1, 2 and -3, over three windows.
      meanSharpeError: Math.sqrt(14 / 3 / 3),
      overlappingWindows: 0,
      stdSharpe: Math.sqrt(7),
      minSharpe: -3,
      consistency: 0.5,
    }));

  it('of no window, or of windows without a Sharpe ratio, are undefined', () => {
    expect(windowStatistics([])).toMatchObject({ windows: 0, meanSharpe: null, minSharpe: null, consistency: null });
    expect(windowStatistics(apart([null]))).toMatchObject({ meanSharpe: null, stdSharpe: null, consistency: 0 });
    expect(windowStatistics(apart([0.5]))).toMatchObject({
      meanSharpe: 0.5,
      stdSharpe: null,
      minSharpe: 0.5,
      consistency: 1,
    });
  });

  it('admit the overlap: the error of the mean takes as many lags as windows reach over', () => {
    // Three sessions a test, one a step: two windows begin before the first one ends.
    const windows = [1, 1, 1, -1, -1, -1].map((sharpe, index) => ({
      sharpe,
      testFrom: day(index),
      testTo: day(index + 2),
    }));
    const { overlappingWindows, meanSharpeError } = windowStatistics(windows);
    expect(overlappingWindows).toBe(2);
    // Variance 1, autocovariances 3/6 and 0: 1 + 2 (2/3) (1/2) + 0.
    expect(meanSharpeError).toBeCloseTo(Math.sqrt(5 / 3 / 6), 12);
    expect(windowStatistics(windows.slice(0, 3)).meanSharpeError).toBeNull();
  });

  it('are finite or null whatever the windows say', () => {
    const sharpe = fc.option(fc.double({ min: -50, max: 50, noNaN: true }));
    fc.assert(
      fc.property(fc.array(sharpe), (sharpes) => {
        const figures = Object.values(windowStatistics(apart(sharpes))) as readonly (number | null)[];
        expect(figures.every((value) => value === null || Number.isFinite(value))).toBe(true);
      }),
    );
  });
});

describe('the stitched history', () => {
  interface Row {
    readonly session: SessionDate;
    readonly window: number;
  }

  function judged(count: number, plan = defaultFoldPlan) {
    const sessions = weekdays(count);
    const windows = walkForwardFolds(sessions, plan).map((fold): JudgedWindow<Row> => {
      const rows = sessions
        .filter((session) => session >= fold.test.from && session <= fold.test.to)
        .map((session) => ({ session, window: fold.index }));
      return { fold, rows };
    });
    return { sessions, windows };
  }

  it('takes the first step of each window and the last one whole: every judged session once', () => {
    const { sessions, windows } = judged(252 + 63 + 2 * 21);
    const rows = stitchWindows(sessions, windows);
    expect(rows.map(({ session }) => session)).toEqual(sessions.slice(252));
    expect([0, 1, 2].map((window) => rows.filter((row) => row.window === window).length)).toEqual([21, 21, 63]);
  });

  it('counts every session from the first test to the last exactly once, for any plan', () => {
    const plan = fc.record({ train: fc.integer({ min: 1, max: 40 }), test: fc.integer({ min: 1, max: 20 }) });
    fc.assert(
      fc.property(
        plan,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 90 }),
        ({ train, test }, step, more) => {
          const lengths = { trainSessions: train, testSessions: test, stepSessions: Math.min(step, test) };
          const { sessions, windows } = judged(train + test + more, { ...defaultFoldPlan, ...lengths });
          const stitched = stitchWindows(sessions, windows).map(({ session }) => session);
          const last = sessions.indexOf(windows.at(-1)!.fold.test.to);
          expect(stitched).toEqual(sessions.slice(train, last + 1));
        },
      ),
    );
  });

  it('refuses a window that lacks a session, or has one twice', () => {
    const { sessions, windows } = judged(252 + 63 + 21);
    const [first, second] = windows;
    const lacking = { ...first!, rows: first!.rows.slice(1) };
    const doubled = { ...first!, rows: [first!.rows[0]!, ...first!.rows] };
    expect(() => stitchWindows(sessions, [lacking, second!])).toThrow(/window 0 does not have one row/);
    expect(() => stitchWindows(sessions, [doubled, second!])).toThrow(RangeError);
  });
});
