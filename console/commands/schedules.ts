import { tableText, type Answer } from '../answer.ts';
import { atDesk, type CommandRegistration } from '../context.ts';
import type { ScheduleView } from '../desk/desk.ts';
import { shellUser } from '../identity.ts';

/** `schedules list | on | off`: what starts by itself. */
export const registerSchedules: CommandRegistration = (program, context) => {
  const schedules = program.command('schedules').description('what starts by itself');
  schedules
    .command('list')
    .description('list schedules and when they start next')
    .action(() => atDesk(context, async (desk) => context.answer(listed(await desk.schedules.list()))));
  for (const state of ['on', 'off'] as const) {
    schedules
      .command(state)
      .description(state === 'on' ? 'let every schedule run' : 'hold every schedule')
      .action(() =>
        atDesk(context, async (desk) => {
          const by = context.environment.PLIMSOLL_REVIEWER ?? shellUser();
          context.answer(listed(await desk.schedules.set(state, by)));
        }),
      );
  }
};

function listed(views: readonly ScheduleView[]): Answer {
  const rows = views.map(({ id, paused, nextAtMs, note }) => [
    id,
    paused ? 'held' : 'runs',
    nextAtMs === undefined || paused ? '' : new Date(nextAtMs).toISOString(),
    note,
  ]);
  return { value: views, text: tableText(['schedule', 'state', 'next start (UTC)', 'note'], rows) };
}
