import { assert, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { phases, phaseTold } from '#test/chaos/phases.ts';
import { planRounds, type RoundPlan } from '#test/chaos/roundPlan.ts';
import { runsIn, victims } from '#test/chaos/victims.ts';

const seeds = integer({ min: 0, max: 999_999 });
const strikesOf = (plans: readonly RoundPlan[]) => plans.flatMap(({ strikes }) => strikes);
const killed = (plans: readonly RoundPlan[]) =>
  strikesOf(plans).flatMap(({ blow }) => (blow.kind === 'kill' ? blow.victims : []));

describe('the rounds of a seed', () => {
  test('are the same every time, and others with another seed', () => {
    expect(planRounds(7, 30)).toEqual(planRounds(7, 30));
    expect(planRounds(7, 30)).not.toEqual(planRounds(8, 30));
  });

  test('strike every victim and every phase in 30 of them, kill everything and interrupt', () => {
    assert(
      property(seeds, (seed) => {
        const plans = planRounds(seed, 30);
        expect(new Set(killed(plans))).toEqual(new Set(victims));
        expect(new Set(strikesOf(plans).map(({ phase }) => phase))).toEqual(new Set(phases));
        const kinds = strikesOf(plans).map(({ blow }) => blow.kind);
        expect(kinds.filter((kind) => kind === 'killEverything')).toHaveLength(3);
        expect(kinds.filter((kind) => kind === 'interrupt')).toHaveLength(6);
        expect(plans[0]?.home).toBe('fresh');
      }),
    );
  });

  test('strike in the order of the phases, and only what runs in them', () => {
    assert(
      property(seeds, (seed) => {
        for (const { strikes } of planRounds(seed, 30)) {
          const order = strikes.map(({ phase }) => phases.indexOf(phase));
          expect(order).toEqual(order.toSorted((a, b) => a - b));
          for (const { phase, blow, fraction } of strikes) {
            expect(fraction).toBeGreaterThanOrEqual(0);
            expect(fraction).toBeLessThan(1);
            if (blow.kind !== 'kill') continue;
            expect(new Set(blow.victims).size).toBe(blow.victims.length);
            expect(blow.victims.every((victim) => runsIn(victim, phase))).toBe(true);
          }
        }
      }),
    );
  });

  test('strike a kept home in no phase that its completed life cycle skips', () => {
    const kept = strikesOf(planRounds(3, 300).filter(({ home }) => home === 'kept')).map(({ phase }) => phase);
    expect(new Set(kept)).toEqual(new Set(['servers', 'workers', 'opening', 'session', 'stopping']));
  });

  test('of one victim kill it alone, one strike a round', () => {
    const plans = planRounds(5, 20, 'worker-trading');
    expect(killed(plans)).toEqual(Array.from({ length: 20 }, () => 'worker-trading'));
    expect(strikesOf(plans)).toHaveLength(20);
  });
});

describe('a line of a start tells its phase', () => {
  test.each([
    ['0 s  minio: starting', 'servers'],
    ['19 s  mlflow: running', 'servers'],
    ['21 s  workflows: bundling', 'workers'],
    ['28 s  worker-lifecycle: starting', 'workers'],
    ['45 s  console: starting', 'workers'],
    ['49 s  console: running', 'opening'],
    ['56 s  ingest: ', 'ingest'],
    ['88 s  validate: 50 % Walk-forward: 3 of 6 windows judged, 8 s left', 'validate'],
    ['92 s  session: trading 2023-06-23 on paper-main', 'session'],
    ['waiting for two reviewers: open http://127.0.0.1', undefined],
  ])('%s', (line, phase) => {
    expect(phaseTold(line)).toBe(phase);
  });
});
