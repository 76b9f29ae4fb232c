import { describe, expect, it } from 'vitest';
import { testCounts } from '#infra/stack/testCounts.ts';

const file = (status: string, ...tests: readonly string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});

describe('the count of tests', () => {
  it('sums what passed, failed and was skipped over the files', () => {
    const testResults = [file('passed', 'passed', 'skipped', 'todo'), file('failed', 'passed', 'failed', 'failed')];
    expect(testCounts({ testResults })).toEqual({ passed: 2, failed: 2, skipped: 2 });
  });

  it('counts a file that does not load as one failed test', () => {
    expect(testCounts({ testResults: [file('failed'), file('passed', 'passed')] })).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
  });
});
