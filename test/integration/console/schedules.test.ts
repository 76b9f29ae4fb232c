import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ensureSchedules, type ScheduledWork } from '#console/start/schedules.ts';
import { closeMs, nextSession, openMs, sessionsBetween } from '#domain/calendar.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { createNamespace } from '../temporalNamespace.ts';

let connection: Connection;
let client: Client;
beforeAll(async () => {
  connection = await Connection.connect({ address: inject('stack').temporal.address });
  client = new Client({ connection, namespace: await createNamespace(connection) });
  const plan = { dataset: 'daily', training: { model: 'forecaster' } } as ScheduledWork['plan'];
  await ensureSchedules(client, { account: 'paper', strategy: 'forecast', session: {}, plan });
});
afterAll(() => connection.close());

/** Times at which Temporal starts a schedule's launcher between two days; nobody takes the launchers up. */
async function startsOf(schedule: string, from: string, to: string): Promise<readonly number[]> {
  const handle = client.schedule.getHandle(`plimsoll-${schedule}`);
  const [start, end] = [new Date(`${from}T00:00:00Z`), new Date(`${to}T00:00:00Z`)];
  const expected = weekdaysBetween(start, end);
  await handle.backfill({ start, end, overlap: 'ALLOW_ALL' });
  const query = `ExecutionStatus = 'Running' AND WorkflowId STARTS_WITH 'launch-${schedule}-'`;
  const started = async (): Promise<readonly string[]> => {
    const ids: string[] = [];
    for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId);
    return ids;
  };
  await expect.poll(async () => (await started()).length, { timeout: 60_000, interval: 500 }).toBe(expected);
  const ids = await started();
  await Promise.all(ids.map((id) => client.workflow.getHandle(id).terminate('seen')));
  return ids.map((id) => Date.parse(id.slice(`launch-${schedule}-`.length))).sort((a, b) => a - b);
}

function weekdaysBetween(start: Date, end: Date): number {
  let count = 0;
  for (let day = start.getTime(); day < end.getTime(); day += 86_400_000) {
    if (![0, 6].includes(new Date(day).getUTCDay())) count += 1;
  }
  return count;
}

describe('the schedule of ingests', () => {
  test.each([
    ['the day after Thanksgiving, which ends at one', '2024-11-25', '2024-12-03'],
    ['the eve of Independence Day, a half day in summer time', '2025-06-30', '2025-07-08'],
    ['the change to summer time', '2025-03-06', '2025-03-13'],
    ['the change to winter time', '2025-10-30', '2025-11-06'],
    ['Christmas Eve', '2025-12-22', '2025-12-30'],
  ])('fires after the close of every session and before the next open: %s', async (_, from, to) => {
    const starts = await startsOf('ingest', from, to);
    const sessions = sessionsBetween(sessionDate(from), sessionDate(to)).filter((session) => session < to);
    expect(sessions.length).toBeGreaterThan(3);
    for (const session of sessions) {
      const within = starts.filter((atMs) => atMs > closeMs(session) && atMs < openMs(nextSession(session)));
      expect([session, within.length > 0]).toEqual([session, true]);
    }
  });
});
