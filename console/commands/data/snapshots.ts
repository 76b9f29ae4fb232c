import type { Command } from 'commander';
import { tableText } from '../../answer.ts';
import { atDesk, type CommandContext } from '../../context.ts';

/** `data snapshots`: what the catalogue holds. */
export function registerDataSnapshots(data: Command, context: CommandContext): void {
  data
    .command('snapshots')
    .description('list the published snapshots; * marks the current one of each dataset')
    .option('--dataset <name>', 'one dataset; all when absent')
    .action(({ dataset }: { readonly dataset?: string }) =>
      atDesk(context, async ({ snapshots }) => {
        const value = await snapshots.list(dataset);
        const rows = value.map((row) => [
          row.isHead ? '*' : '',
          row.dataset,
          row.asOf,
          row.firstSession,
          String(row.symbols.length),
          String(row.rows),
          row.digest,
        ]);
        const text = tableText(['', 'dataset', 'as of', 'from', 'symbols', 'rows', 'digest'], rows);
        context.answer({ value, text });
      }),
    );
}
