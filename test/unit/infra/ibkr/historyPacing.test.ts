import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HistoryPacing, historyPacingRules, type PacedQuestion } from '#infra/ibkr/historyPacing.ts';

const question = (key: string, series = 'one', weight = 1): PacedQuestion => ({ key, series, weight });
const { identicalMs, windowMs, windowMax, burstMs, burstMax } = historyPacingRules;

/** Asks questions as soon as they may be, each after its own pause. @returns when each went out */
function ask(
  questions: readonly (PacedQuestion & { readonly pauseMs: number })[],
): readonly (PacedQuestion & { readonly atMs: number })[] {
  const pacing = new HistoryPacing(historyPacingRules);
  let nowMs = 0;
  return questions.map((one) => {
    nowMs += one.pauseMs;
    nowMs += pacing.waitMs(one, nowMs);
    expect(pacing.waitMs(one, nowMs)).toBe(0);
    pacing.asked(one, nowMs);
    return { ...one, atMs: nowMs };
  });
}

describe('pacing of history', () => {
  test('lets no two questions that are the same within 15 seconds', () => {
    const [first, second] = ask([
      { ...question('a'), pauseMs: 0 },
      { ...question('a'), pauseMs: 4_000 },
    ]);
    expect(second!.atMs - first!.atMs).toBe(15_500);
  });

  test('lets five of one series through in two seconds, then the next', () => {
    const asked = ask(Array.from({ length: 6 }, (_, index) => ({ ...question(String(index)), pauseMs: 0 })));
    expect(asked.map(({ atMs }) => atMs)).toEqual([0, 0, 0, 0, 0, 2_500]);
  });

  test('lets 60 through in ten minutes, of bids and asks 30', () => {
    const many = (weight: number) =>
      Array.from({ length: 61 }, (_, index) => ({
        ...question(String(index), String(index), weight),
        pauseMs: 0,
      }));
    expect(ask(many(1)).findIndex(({ atMs }) => atMs > 0)).toBe(60);
    expect(ask(many(2)).findIndex(({ atMs }) => atMs > 0)).toBe(30);
    expect(ask(many(1)).at(-1)!.atMs).toBe(600_500);
  });

  test('breaks none of the rules whatever is asked, and waits no longer than one of them demands', () => {
    const any = record({
      key: constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
      series: constantFrom('one', 'two'),
      weight: constantFrom(1, 2),
      pauseMs: integer({ min: 0, max: 9_000 }),
    });
    assert(
      property(array(any, { maxLength: 120 }), (questions) => {
        const asked = ask(questions);
        for (const [index, one] of asked.entries()) {
          const until = asked.slice(0, index + 1);
          const recent = (ms: number) => until.filter(({ atMs }) => atMs > one.atMs - ms);
          expect(recent(identicalMs).filter(({ key }) => key === one.key)).toHaveLength(1);
          expect(recent(burstMs).filter(({ series }) => series === one.series).length).toBeLessThanOrEqual(burstMax);
          expect(recent(windowMs).reduce((sum, { weight }) => sum + weight, 0)).toBeLessThanOrEqual(windowMax);
        }
      }),
    );
  });
});
