import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RatePlan } from '#infra/http/ratePlan.ts';

const asks = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 80 });
const allowances = fc.record({
  requestsPerMinute: fc.integer({ min: 1, max: 600 }),
  burst: fc.integer({ min: 1, max: 20 }),
});

function sendTimes(allowance: { readonly requestsPerMinute: number; readonly burst: number }, gaps: readonly number[]) {
  const plan = new RatePlan(allowance);
  let nowMs = 0;
  return gaps.map((gapMs) => {
    nowMs += gapMs;
    return { nowMs, sentMs: nowMs + plan.take(nowMs) };
  });
}

describe('a rate plan', () => {
  test('never lets more go in any stretch than the plan allows beside the burst', () => {
    fc.assert(
      fc.property(allowances, asks, (allowance, gaps) => {
        const sent = sendTimes(allowance, gaps).map(({ sentMs }) => sentMs);
        for (const [first, fromMs] of sent.entries()) {
          for (const [last, toMs] of sent.entries()) {
            if (last < first) continue;
            const allowed = allowance.burst + ((toMs - fromMs) * allowance.requestsPerMinute) / 60_000;
            expect(last - first + 1).toBeLessThanOrEqual(allowed + 1e-6);
          }
        }
      }),
    );
  });

  test('sends in the order of asking, never before the asking, and at once while the burst lasts', () => {
    fc.assert(
      fc.property(allowances, asks, (allowance, gaps) => {
        const times = sendTimes(allowance, gaps);
        for (const [index, { nowMs, sentMs }] of times.entries()) {
          expect(sentMs).toBeGreaterThanOrEqual(nowMs);
          expect(sentMs).toBeGreaterThanOrEqual((times[index - 1]?.sentMs ?? 0) - 1e-6);
          expect(sentMs - nowMs > 0 && index < allowance.burst).toBe(false);
        }
      }),
    );
  });

  test('five a minute are twelve seconds apart; a pause the vendor asks for holds everybody', () => {
    const plan = new RatePlan({ requestsPerMinute: 5, burst: 1 });
    expect([plan.take(0), plan.take(0), plan.take(12_000)]).toEqual([0, 12_000, 12_000]);
    plan.pause(30_000, 60_000);
    expect(plan.take(31_000)).toBe(59_000);
    const bursting = new RatePlan({ requestsPerMinute: 60, burst: 3 });
    bursting.pause(0, 10_000);
    expect([bursting.take(0), bursting.take(0)]).toEqual([10_000, 11_000]);
  });
});
