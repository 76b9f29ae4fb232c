import { describe, expect, test } from 'vitest';
import { plimsoll } from './commandLine.ts';
import { memoryDesk } from './memoryDesk.ts';

describe('halts of symbols', () => {
  test('are listed with who said so, and lifted by hand', async () => {
    const desk = memoryDesk();
    const listed = await plimsoll('data halts', { desk });
    expect(listed.out).toContain('GME     halted  LUDP    2023-06-22T14:30:00.000Z  alpaca');
    const lifted = await plimsoll('data halts --lift GME --json', { desk });
    expect([lifted.exitCode, JSON.parse(lifted.out)]).toEqual([0, []]);
  });

  test('COMMAND_UNKNOWN: what is no list of symbols is not understood', async () => {
    const { exitCode, error } = await plimsoll('data halts --lift ,');
    expect(exitCode).toBe(2);
    expect(error).toContain('COMMAND_UNKNOWN');
  });
});
