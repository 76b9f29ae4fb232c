import { tableText } from '../answer.ts';
import { atDesk, type CommandRegistration } from '../context.ts';
import { authenticatedOperator } from '../identity.ts';

/** `incidents list | acknowledge`: trades on our accounts that are not ours, and that somebody knows of them. */
export const registerIncidents: CommandRegistration = (program, context) => {
  const incidents = program.command('incidents').description('fills of orders that we never sent');
  incidents
    .command('list')
    .argument('[account]', 'one account; all when absent')
    .description('list foreign fills that nobody has acknowledged: each counts as a difference and blocks a restart')
    .action((only?: string) =>
      atDesk(context, async ({ accounts }) => {
        const names = only === undefined ? (await accounts.list()).map(({ account }) => account) : [only];
        const value = (await Promise.all(names.map((account) => accounts.foreignFills(account)))).flat();
        const rows = value.map(({ key, session, detail }) => [key, session, detail]);
        context.answer({ value, text: tableText(['key', 'session', 'what'], rows) });
      }),
    );
  incidents
    .command('acknowledge')
    .argument('<account>', 'account it happened on')
    .argument('<key>', 'key of the foreign fill, as the list shows it')
    .option('--reviewer <name>', 'who you are; PLIMSOLL_REVIEWER when absent, the password from PLIMSOLL_PASSWORD')
    .description('say that you know of a foreign fill; it no longer blocks a restart')
    .action((account: string, key: string, { reviewer }: { readonly reviewer?: string }) =>
      atDesk(context, async ({ accounts, people }) => {
        const { name } = await authenticatedOperator(context, people, reviewer);
        await accounts.acknowledgeForeignFill({ account, key, by: name });
        context.answer({ value: { account, key, by: name }, text: `${key}: acknowledged by ${name}` });
      }),
    );
};
