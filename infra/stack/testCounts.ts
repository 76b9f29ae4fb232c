/** What we read of vitest's JSON report. */
export interface TestReport {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** How many tests passed, failed and were skipped. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Counts the tests of a report. A file that failed without a failed test (it does not load) counts as one failed. */
export function testCounts({ testResults }: TestReport): TestCounts {
  let [passed, failed, skipped] = [0, 0, 0];
  for (const { status, assertionResults } of testResults) {
    const failedHere = assertionResults.filter((test) => test.status === 'failed').length;
    const passedHere = assertionResults.filter((test) => test.status === 'passed').length;
    passed += passedHere;
    failed += status === 'failed' ? Math.max(failedHere, 1) : failedHere;
    skipped += assertionResults.length - failedHere - passedHere;
  }
  return { passed, failed, skipped };
}
