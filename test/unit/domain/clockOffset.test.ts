import { expect, test } from 'vitest';
import { backOffMs } from '#domain/backOff.ts';
import { ClockOffsetWindow } from '#domain/clockOffset.ts';

test('our clock is ahead of the venue by the least offset of the window at most, and older ones are forgotten', () => {
  const window = new ClockOffsetWindow({ windowMs: 100 });
  expect(window.offset).toEqual({ aheadMaxMs: null });
  const observed = [
    [0, 30, 30],
    [10, -5, -5],
    [60, 40, -5],
    [110, 50, 40],
    [170, 60, 50],
  ] as const;
  for (const [receivedMs, offsetMs, aheadMaxMs] of observed) {
    window.observe({ venueMs: receivedMs - offsetMs, receivedMs });
    expect(window.offset).toEqual({ aheadMaxMs });
  }
});

test('back-off doubles up to its cap, and half of it is chance', () => {
  const rules = { baseMs: 100, capMs: 1_000 };
  expect([1, 2, 3, 4, 5, 99].map((failures) => backOffMs(failures, rules, 0))).toEqual([50, 100, 200, 400, 500, 500]);
  expect(backOffMs(3, rules, 0.5)).toBe(300);
});
