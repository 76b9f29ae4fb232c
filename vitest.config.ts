import { defineConfig } from 'vitest/config';

// Time-skipping workflow tests and server tests run serially: time and ports are global to them.
const serial = { fileParallelism: false, testTimeout: 120_000, hookTimeout: 300_000 } as const;

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 30_000, maxWorkers: 2 } },
      { test: { name: 'tidy', include: ['test/tidy/**/*.test.ts'], testTimeout: 60_000 } },
      { test: { name: 'workflow', include: ['test/workflow/**/*.test.ts', 'test/replay/**/*.test.ts'], ...serial } },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/integration/stackSetup.ts'],
          ...serial,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/integration/stackSetup.ts'],
          ...serial,
        },
      },
    ],
  },
});
