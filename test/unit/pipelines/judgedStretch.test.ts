import { describe, expect, it } from 'vitest';
import type { SessionDate } from '#domain/sessionDate.ts';
import { decide, playDecisions, playStitched, type Decision } from '#pipelines/judgedStretch.ts';
import type { Snapshot } from '#pipelines/snapshot.ts';
import { randomBars, weekdays } from './randomBars.ts';

const sessions = weekdays(60);
const bars = ['AAA', 'BBB'].map((symbol, index) => randomBars(symbol, sessions, index + 1));
const snapshot: Snapshot = {
  bars,
  benchmark: { sessions, close: bars[0]!.close, source: sessions.map(() => 'AAA') },
};
const targets = { AAA: 0.5, BBB: 0.3 };

function decisions(from: number, end: number): readonly Decision[] {
  return sessions.slice(from, end).map((session, row) => ({
    session,
    decidedAt: sessions[from + row - 1]!,
    targets: { network: targets, ridge: null },
  }));
}
const judged = (index: number, from: number, end: number) => ({
  index,
  stretch: playDecisions(snapshot, decisions(from, end)),
});

describe('decisions played', () => {
  it('are those of the session before, and no forecast leaves the holdings as they are', () => {
    const made = decide(
      { sessions: sessions.slice(1, 3), decidedAt: sessions.slice(0, 2) },
      {
        network: {
          places: [{ session: sessions[0]!, symbol: 'AAA' }],
          forecasts: [{ mean: 0.01, standardDeviation: 0.02 }],
        },
        ridge: { places: [], forecasts: [] },
      },
    );
    expect(made.map(({ session, decidedAt }) => [session, decidedAt])).toEqual([
      [sessions[1], sessions[0]],
      [sessions[2], sessions[1]],
    ]);
    expect(made[0]!.targets.network).toHaveProperty('AAA');
    expect(made[0]!.targets.ridge).toBeNull();
    expect(made[1]!.targets.network).toBeNull();
  });

  it('give a return a session beside the benchmark’s own, and a strategy without decisions earns nothing', () => {
    const { stretch } = judged(0, 10, 30);
    expect(stretch.returns.network).toHaveLength(20);
    expect(stretch.returns.ridge.every((value) => value === 0)).toBe(true);
    const [before, first] = [9, 10].map((row) => bars[0]!.close[row]!);
    expect(stretch.benchmark[0]).toBeCloseTo(first! / before! - 1, 12);
    expect(stretch.trades).toBeGreaterThan(0);
    expect(stretch.costs).toBeGreaterThan(0);
  });
});

describe('windows stitched', () => {
  const windows = [judged(0, 10, 30), judged(1, 20, 40), judged(2, 30, 50)];
  const stitched = playStitched(snapshot, sessions, windows);

  it('are one account over every session once', () => {
    expect(stitched.sessions).toEqual(sessions.slice(10, 50));
    const whole = playDecisions(snapshot, decisions(10, 50));
    expect(stitched.returns).toEqual(whole.returns);
    expect(stitched.trades).toBe(whole.trades);
  });

  it('pay for one entry, not for one a window', () => {
    const apart = windows.reduce((sum, { stretch }) => sum + stretch.costs, 0);
    expect(stitched.costs).toBeLessThan(apart);
    // From the second window on the holdings are there: nothing is bought anew on its first session.
    expect(Math.abs(stitched.returns.network[10]! - windows[1]!.stretch.returns.network[0]!)).toBeGreaterThan(0);
  });

  it('take each session’s decision from the window whose first step it lies in', () => {
    const other = { AAA: 0, BBB: 0.9 };
    const late = playDecisions(
      snapshot,
      decisions(20, 40).map((decision) => ({ ...decision, targets: { network: other, ridge: null } })),
    );
    const mixed = playStitched(snapshot, sessions, [windows[0]!, { index: 1, stretch: late }]);
    const weightOf = (session: SessionDate | undefined) =>
      mixed.decisions.find((decision) => decision.session === session)!.targets.network;
    expect(weightOf(sessions[19])).toEqual(targets);
    expect(weightOf(sessions[20])).toEqual(other);
    expect(mixed.sessions).toHaveLength(30);
  });

  it('that are not consecutive are refused', () => {
    expect(() => playStitched(snapshot, sessions, [windows[0]!, windows[2]!])).toThrow(RangeError);
  });
});
