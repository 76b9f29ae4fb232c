import type { Command } from 'commander';
import { tableText } from '../../answer.ts';
import { atDesk, type CommandContext } from '../../context.ts';
import { shellUser } from '../../identity.ts';
import { symbolsOf } from './symbolsOption.ts';

/** `data halts`: symbols in which nothing is bought now, because their exchange halted or paused them. */
export function registerDataHalts(data: Command, context: CommandContext): void {
  data
    .command('halts')
    .description('list the symbols that are halted or paused, as `data capture --publish` and people told')
    .option('--lift <list>', 'symbols that trade again, where no feed says so, e.g. AAPL,BRK.B', symbolsOf)
    .action(({ lift = [] }: { readonly lift?: readonly string[] }) =>
      atDesk(context, async ({ tradingStatuses }) => {
        const saidBy = context.environment.PLIMSOLL_REVIEWER ?? shellUser();
        const word = { status: 'trading', reason: 'lifted by hand', saidMs: Date.now(), saidBy } as const;
        for (const symbol of lift) await tradingStatuses.publish({ symbol, ...word });
        const value = await tradingStatuses.halted();
        const rows = value.map(({ symbol, status, reason, saidMs, saidBy: by }) => [
          symbol,
          status,
          reason,
          new Date(saidMs).toISOString(),
          by,
        ]);
        const text = tableText(['symbol', 'status', 'reason', 'since', 'by'], rows);
        context.answer({ value, text });
      }),
    );
}
