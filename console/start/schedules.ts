import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client, type ScheduleOptions } from '@temporalio/client';
import type { LifecyclePlan } from '#workflows/modelLifecycle.ts';
import { taskQueues } from '#workflows/taskQueues.ts';

/** What the schedules run on. */
export interface ScheduledWork {
  readonly account: string;
  readonly strategy: string;
  readonly session: Readonly<Record<string, unknown>>;
  readonly plan: Omit<LifecyclePlan, 'asOf'>;
}

const timezone = 'America/New_York';

/** Makes the schedules that do not exist yet, paused: `plimsoll schedules on` lets them run. */
export async function ensureSchedules(client: Client, work: ScheduledWork): Promise<void> {
  const { account, plan } = work;
  const { model } = plan.training;
  const { dataset } = plan;
  const weekdays = { start: 'MONDAY', end: 'FRIDAY' } as const;
  const wanted = [
    schedule('ingest', { hour: 17, dayOfWeek: weekdays }, ['launchIngest', { account, dataset }]),
    schedule('retrain', { hour: 6, dayOfWeek: 'SATURDAY' }, ['launchLifecycle', { account, plan }]),
    schedule('session', { hour: 9, dayOfWeek: weekdays }, ['launchSession', work.session]),
    schedule('watch', { hour: 18, dayOfWeek: weekdays }, ['launchWatch', { model, account, dataset }]),
  ];
  for (const options of wanted) {
    try {
      await client.schedule.create(options);
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    }
  }
}

/** One schedule: never two at once, nothing late, and it stops itself when its work fails. */
function schedule(
  name: string,
  calendar: NonNullable<ScheduleOptions['spec']['calendars']>[number],
  [workflowType, argument]: readonly [string, unknown],
): ScheduleOptions {
  return {
    scheduleId: `plimsoll-${name}`,
    spec: { calendars: [calendar], timezone },
    action: {
      type: 'startWorkflow',
      workflowType,
      workflowId: `launch-${name}`,
      taskQueue: name === 'session' ? taskQueues.trading : taskQueues.lifecycle,
      args: [argument],
      staticSummary: `${name} by schedule`,
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '10 minutes', pauseOnFailure: true },
    state: { paused: true, note: 'waits for plimsoll schedules on' },
  };
}
