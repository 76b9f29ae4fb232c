import { describe, expect, it } from 'vitest';
import { validationCaveats } from '#pipelines/validationCaveats.ts';
import { weekdays } from './randomBars.ts';

const sessions = weekdays(4);
const benchmark = {
  sessions,
  close: new Float64Array(4).fill(1),
  source: ['SP500', 'SP500', 'EQUAL-WEIGHT', 'EQUAL-WEIGHT'],
};

describe('caveats of a validation', () => {
  it('say what the benchmark is made of, and from when', () =>
    expect(validationCaveats(benchmark, { restartAfterSessions: 5 }, 'forecaster').join(' ')).toContain(
      `The benchmark is SP500 from ${sessions[0]}, then EQUAL-WEIGHT from ${sessions[2]}.`,
    ));

  it('say who is taken to restart a halted account, and when', () => {
    expect(validationCaveats(benchmark, { restartAfterSessions: 5 }, 'forecaster').join(' ')).toContain(
      'Two people are taken to restart an account 5 sessions after the breaker',
    );
    expect(validationCaveats(benchmark, { restartAfterSessions: null }, 'forecaster').join(' ')).toContain(
      'Nobody restarts',
    );
  });
});
