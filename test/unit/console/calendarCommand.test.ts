import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { plimsoll } from './commandLine.ts';

const record = '../shared/data/reference/calendar/xnys.csv';

interface SessionsValue {
  readonly sessions: readonly { readonly session: string; readonly open: string; readonly close: string }[];
}

describe('the calendar on the command line', () => {
  test('lists sessions with opens and closes in UTC, half days marked', async () => {
    const { exitCode, out } = await plimsoll('calendar sessions --exchange XNYS --from 2024-07-02 --to 2024-07-05');
    expect(exitCode).toBe(0);
    expect(out.split('\n')).toEqual([
      'session     open                  close',
      '2024-07-02  2024-07-02T13:30:00Z  2024-07-02T20:00:00Z',
      '2024-07-03  2024-07-03T13:30:00Z  2024-07-03T17:00:00Z  closes early',
      '2024-07-05  2024-07-05T13:30:00Z  2024-07-05T20:00:00Z',
    ]);
  });

  test('tells the state at an instant', async () => {
    const { out } = await plimsoll('calendar state --at 2024-07-03T17:00:00Z --json');
    expect(JSON.parse(out)).toEqual({ exchange: 'XNYS', at: '2024-07-03T17:00:00Z', state: 'afterHours' });
  });

  test.each([
    ['calendar sessions --from 2024-02-30 --to 2024-03-01', 2],
    ['calendar sessions --from 1989-12-29 --to 1990-01-02', 2],
    ['calendar state --at 2024-07-03', 2],
    ['calendar sessions --exchange XLON --from 2024-01-02 --to 2024-01-03', 1],
  ])('%s ends with %i and says why', async (line, exitCode) => {
    const outcome = await plimsoll(line);
    expect(outcome.exitCode).toBe(exitCode);
    expect(outcome.error).toMatch(/COMMAND_UNKNOWN|EXCHANGE_UNKNOWN/);
  });

  test.skipIf(!existsSync(record))(`has every session of ${record}, opens and closes to the minute`, async () => {
    const known = readFileSync(record, 'utf8').trim().split('\n').slice(1);
    const { out } = await plimsoll('calendar sessions --exchange XNYS --from 1990-01-01 --to 2023-01-13 --json');
    const { sessions } = JSON.parse(out) as SessionsValue;
    expect(sessions.map(({ session, open, close }) => `${session}T00:00:00Z,${open},${close},,`)).toEqual(known);
  });
});
