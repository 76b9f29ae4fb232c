import { userInfo } from 'node:os';
import type { CommandRegistration } from '../context.ts';
import { atDesk } from '../context.ts';

/** `halt ACCOUNT`: the kill switch. It asks for no password: stopping must never wait. */
export const registerHalt: CommandRegistration = (program, context) => {
  program
    .command('halt')
    .argument('<account>', 'account to stop')
    .requiredOption('--reason <text>', 'why; everybody will read it')
    .option('--by <name>', 'who stops it; PLIMSOLL_REVIEWER or your user name when absent')
    .description('stop an account: nothing that adds exposure is sent afterwards; works with workers and Temporal down')
    .action((account: string, { reason, by }: { readonly reason: string; readonly by?: string }) =>
      atDesk(context, async ({ accounts }) => {
        const who = by ?? context.environment.PLIMSOLL_REVIEWER ?? userInfo().username;
        const report = await accounts.halt({ account, by: who, reason });
        context.answer({
          value: report,
          text: `${account} is halted: ${report.cancelled} orders cancelled, guard ${report.guard}`,
        });
      }),
    );
};
