import type { Client } from '@temporalio/client';
import type { Schedules, ScheduleView } from './desk.ts';
import { askTimeoutMs, withinTime } from './temporalCalls.ts';

/** Schedules of the namespace. */
export function createSchedules(client: Client): Schedules {
  const list = (): Promise<readonly ScheduleView[]> => withinTime(client, askTimeoutMs, () => listed(client));
  return {
    list,
    async set(state, by) {
      // The list lags behind what was just done: answer from each schedule itself.
      const ids = (await list()).map(({ id }) => id);
      return Promise.all(ids.map((id) => withinTime(client, askTimeoutMs, () => setOne(client, { id, state, by }))));
    },
  };
}

async function listed(client: Client): Promise<readonly ScheduleView[]> {
  const views: ScheduleView[] = [];
  for await (const { scheduleId, state, info } of client.schedule.list()) {
    views.push(viewOf(scheduleId, { paused: state.paused, note: state.note ?? '', next: info.nextActionTimes[0] }));
  }
  return views.sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function setOne(
  client: Client,
  { id, state, by }: { readonly id: string; readonly state: 'on' | 'off'; readonly by: string },
): Promise<ScheduleView> {
  const handle = client.schedule.getHandle(id);
  if (state === 'on') await handle.unpause(`let run by ${by}`);
  else await handle.pause(`held by ${by}`);
  const { state: standing, info } = await handle.describe();
  return viewOf(id, { paused: standing.paused, note: standing.note ?? '', next: info.nextActionTimes[0] });
}

function viewOf(
  id: string,
  { paused, note, next }: { readonly paused: boolean; readonly note: string; readonly next: Date | undefined },
): ScheduleView {
  return { id, paused, note, ...(next && { nextAtMs: next.getTime() }) };
}
