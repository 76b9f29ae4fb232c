import { isFailure } from '#domain/failure.ts';
import { atDesk, type CommandContext, type CommandRegistration } from '../context.ts';
import type { HaltReport, People } from '../desk/desk.ts';
import { askCredentials, operatorOf } from '../identity.ts';

interface HaltOptions {
  readonly reason: string;
  readonly reviewer?: string;
  readonly liquidate?: boolean;
}

/** `halt ACCOUNT`: the kill switch. Any operator may use it, and nobody else has to agree. */
export const registerHalt: CommandRegistration = (program, context) => {
  program
    .command('halt')
    .argument('<account>', 'account to stop')
    .requiredOption('--reason <text>', 'why; everybody will read it')
    .option('--reviewer <name>', 'who you are; PLIMSOLL_REVIEWER when absent, the password from PLIMSOLL_PASSWORD')
    .option('--liquidate', 'send closing orders at once, without waiting for the guard to close positions')
    .description('stop an account: nothing that adds exposure is sent afterwards; works with workers and Temporal down')
    .action((account: string, { reason, reviewer, liquidate = false }: HaltOptions) =>
      atDesk(context, async ({ accounts, people }) => {
        const by = await whoHalts(context, people, reviewer);
        const report = await accounts.halt({ account, by, reason, ...(liquidate && { positions: 'close' as const }) });
        context.answer({ value: report, text: haltText(report) });
      }),
    );
};

/** An operator by their password. Where PostgreSQL cannot tell, whoever holds the broker's keys cancels all the same. */
async function whoHalts(context: CommandContext, people: People, given: string | undefined): Promise<string> {
  const credentials = await askCredentials(context, given);
  try {
    return (await operatorOf(people, credentials)).name;
  } catch (error) {
    if (!isFailure(error) || error.code !== 'DATABASE_UNREACHABLE') throw error;
    context.note(`${error.message}; ${credentials.name} is not checked, orders are cancelled at the broker`);
    return credentials.name;
  }
}

function haltText({ account, cancelled, guard, closing }: HaltReport): string {
  const orders = closing?.map(({ side, quantity, symbol, state }) => `\n  ${side} ${quantity} ${symbol}: ${state}`);
  const closed = orders && `, ${orders.length} closing orders${orders.join('')}`;
  return `${account} is halted: ${cancelled} orders cancelled, guard ${guard}${closed ?? ''}`;
}
