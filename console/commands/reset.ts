import { reset } from '#infra/stack/verbReset.ts';
import type { CommandRegistration } from '../context.ts';
import { stackPlace } from '../stackPlace.ts';

/** `reset`: deletes everything an installation holds. */
export const registerReset: CommandRegistration = (program, context) => {
  program
    .command('reset')
    .option('--yes', 'really delete it')
    .description('stop the servers and delete all data, models, orders and records; the cache of binaries stays')
    .action(async ({ yes }: { readonly yes?: boolean }) => {
      const { home } = stackPlace(context);
      await reset({ home, confirmed: yes === true });
      context.answer({ value: { home, deleted: true }, text: `deleted ${home}` });
    });
};
