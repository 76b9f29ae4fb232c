import { defineConfig } from 'vitest/config';

// Tests of servers mostly wait for them. Their groups come one after the other.
const patient = { testTimeout: 120_000, hookTimeout: 300_000 } as const;
// Time-skipping workflow tests share one clock, and browsers the screen's processor time: one file at a time.
const serial = { ...patient, fileParallelism: false } as const;
const setupFiles = ['test/propertySeed.ts'];

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'tidy', include: ['test/tidy/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], setupFiles, testTimeout: 120_000 } },
      {
        test: {
          name: 'workflow',
          setupFiles,
          include: ['test/workflow/**/*.test.ts', 'test/replay/**/*.test.ts'],
          sequence: { groupOrder: 1 },
          ...serial,
        },
      },
      {
        test: {
          name: 'integration',
          setupFiles,
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/integration/stackSetup.ts'],
          sequence: { groupOrder: 2 },
          // Files share the servers of a run and keep apart by names, so two at a time fill two cores.
          maxWorkers: 2,
          ...patient,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          sequence: { groupOrder: 3 },
          ...serial,
        },
      },
    ],
  },
});
