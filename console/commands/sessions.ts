import type { Command } from 'commander';
import type { SessionOutcome } from '#workflows/tradingSession.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { exitCodes, tableText, type Answer } from '../answer.ts';
import { atDesk, type CommandContext, type CommandRegistration } from '../context.ts';
import { championSession } from '../start/championSession.ts';
import { asDate } from './data/formatOption.ts';

/** `sessions list | trade`: trading days. */
export const registerSessions: CommandRegistration = (program, context) => {
  const sessions = program.command('sessions').description('trading days');
  sessions
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
  registerTrade(sessions, context);
};

interface TradeOptions {
  readonly model: string;
  readonly dataset: string;
  readonly session: SessionDate;
  readonly strategy?: string;
}

function registerTrade(sessions: Command, context: CommandContext): void {
  sessions
    .command('trade')
    .argument('<account>', 'account that trades')
    .requiredOption('--model <name>', 'its approved champion decides')
    .requiredOption('--dataset <name>', 'decided from, and taking in the session after its close')
    .requiredOption('--session <date>', 'date of the session at the exchange', asDate)
    .option('--strategy <name>', 'what its orders are called; the model unless given')
    .description('trade one session by the champion of a model, on the terms of the settings')
    .action((account: string, options: TradeOptions) => trade(context, account, options));
}

async function trade(
  context: CommandContext,
  account: string,
  { model, dataset, session, strategy = model }: TradeOptions,
): Promise<void> {
  const { trading } = context.settings().settings;
  await atDesk(context, async ({ starts }) => {
    const outcome = await starts.trade(
      { ...championSession(trading, { account, strategy, model, dataset }), session },
      context.note,
    );
    context.answer(told(outcome));
  });
}

function told(outcome: SessionOutcome): Answer {
  if (outcome.kind === 'refused') {
    return { value: outcome, text: `refused: ${outcome.code}, ${outcome.reason}`, exitCode: exitCodes.refused };
  }
  const { report } = outcome;
  const { account, session, orders, fills, equity, commissions, reconciled } = report;
  const rows = [[account, session, String(orders), String(fills), equity.toFixed(2), commissions.toFixed(2)]];
  return {
    value: outcome,
    text: [
      tableText(['account', 'session', 'orders', 'fills', 'equity', 'commissions'], rows),
      reconciled ? 'reconciled' : `the books differ: ${report.differences.join('; ')}`,
    ].join('\n'),
  };
}
