import type { Command } from 'commander';
import { tableText } from '../../answer.ts';
import { atDesk, type CommandContext } from '../../context.ts';

/** `models list`: every registered version. */
export function registerModelsList(models: Command, context: CommandContext): void {
  models
    .command('list')
    .description('list the registered versions of every model, with aliases, authors and the digests of their bytes')
    .action(() =>
      atDesk(context, async (desk) => {
        const value = await desk.models.list();
        const rows = value.map(({ model, modelVersion, aliases, author, artifactDigest }) => {
          return [model, modelVersion, aliases.join(' '), author, artifactDigest];
        });
        context.answer({ value, text: tableText(['model', 'version', 'alias', 'author', 'artifact'], rows) });
      }),
    );
}
