import { down } from '#infra/stack/verbsUpDown.ts';
import type { CommandRegistration } from '../context.ts';
import { stackPlace } from '../stackPlace.ts';

/** `down`: stops the servers. */
export const registerDown: CommandRegistration = (program, context) => {
  program
    .command('down')
    .description('stop the servers; what they hold stays')
    .action(async () => {
      const { home } = stackPlace(context);
      const ran = await down(home);
      context.answer({ value: { home, ran }, text: ran ? `stopped the stack of ${home}` : `nothing ran in ${home}` });
    });
};
