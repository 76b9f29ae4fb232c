import { tableText } from '../answer.ts';
import { atDesk, type CommandRegistration } from '../context.ts';

/** `sessions list`: trading days. */
export const registerSessions: CommandRegistration = (program, context) => {
  program
    .command('sessions')
    .description('trading days')
    .command('list')
    .argument('[account]', 'one account; all when absent')
    .description('list trading sessions, newest first')
    .action((only?: string) =>
      atDesk(context, async ({ accounts }) => {
        const names = only === undefined ? (await accounts.list()).map(({ account }) => account) : [only];
        const value = (
          await Promise.all(
            names.map(async (account) =>
              (await accounts.sessions(account)).map((session) => ({ account, ...session })),
            ),
          )
        ).flat();
        const rows = value.map(({ account, session, closed }) => [account, session, closed ? 'closed' : 'open']);
        context.answer({ value, text: tableText(['account', 'session', 'state'], rows) });
      }),
    );
};
