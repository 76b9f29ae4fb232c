import { Failure } from '#domain/failure.ts';
import { tableText, type Answer } from '../answer.ts';
import { atDesk, type CommandRegistration } from '../context.ts';
import type { Desk } from '../desk/desk.ts';
import { authenticatedOperator } from '../identity.ts';

/** `guard status | restart`: trading states, and trading again after a halt. */
export const registerGuard: CommandRegistration = (program, context) => {
  const guard = program.command('guard').description('trading states of accounts and their guards');
  guard
    .command('status')
    .argument('[account]', 'one account; all when absent')
    .description('show what PostgreSQL says and what the guard says; where they differ, the stricter holds')
    .action((account?: string) => atDesk(context, async (desk) => context.answer(await standing(desk, account))));
  guard
    .command('restart')
    .argument('<account>', 'account that trades again')
    .option('--reviewer <name>', 'who you are; PLIMSOLL_REVIEWER when absent, the password from PLIMSOLL_PASSWORD')
    .description('ask for trading to resume; a second, different person must ask too')
    .action((account: string, { reviewer }: { readonly reviewer?: string }) =>
      atDesk(context, async ({ accounts, people }) => {
        const { name } = await authenticatedOperator(context, people, reviewer);
        const status = await accounts.restart({ account, by: name });
        const text =
          status.state === 'active'
            ? `${account} trades again`
            : `asked by ${status.restartAskedBy.join(', ')}; one more`;
        context.answer({ value: status, text });
      }),
    );
};

async function standing({ accounts }: Desk, only: string | undefined): Promise<Answer> {
  const listed = await accounts.list();
  const chosen = only === undefined ? listed : listed.filter(({ account }) => account === only);
  if (only !== undefined && chosen.length === 0) {
    throw new Failure('ACCOUNT_UNKNOWN', `no account ${only} was opened`, { account: only });
  }
  const value = await Promise.all(chosen.map(async (row) => ({ ...row, guard: await accounts.guard(row.account) })));
  const rows = value.map(({ account, state, reason, changedBy, guard }) => [
    account,
    state,
    guard?.state ?? 'no answer',
    changedBy,
    reason,
  ]);
  return { value, text: tableText(['account', 'PostgreSQL', 'guard', 'by', 'reason'], rows) };
}
