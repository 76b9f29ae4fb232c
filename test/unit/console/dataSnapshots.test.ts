import { describe, expect, test } from 'vitest';
import { plimsoll } from './commandLine.ts';

describe('snapshots at the command line', () => {
  test('are an empty list where none was published', async () => {
    const { exitCode, out } = await plimsoll('data snapshots --json');
    expect([exitCode, JSON.parse(out)]).toEqual([0, []]);
  });

  test.each([
    ['data show head', 1, 'SNAPSHOT_UNKNOWN'],
    ['data show head --dataset other', 1, 'SNAPSHOT_UNKNOWN'],
    [`data show ${'a'.repeat(64)}`, 1, 'SNAPSHOT_UNKNOWN'],
    ['data show nonsense', 1, 'SNAPSHOT_UNKNOWN'],
    ['data show head --limit many', 2, 'COMMAND_UNKNOWN'],
  ])('%s ends with %i and %s', async (line, exitCode, code) => {
    const outcome = await plimsoll(line);
    expect(outcome.exitCode).toBe(exitCode);
    expect(outcome.error).toContain(code);
  });
});
