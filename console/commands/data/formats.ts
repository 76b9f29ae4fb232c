import type { Command } from 'commander';
import { dailyFileFormats } from '#infra/fileDrop/fileFormats.ts';
import { tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';

/** `data formats`: the layouts of files we read. */
export function registerDataFormats(data: Command, context: CommandContext): void {
  data
    .command('formats')
    .description('list the layouts of files that are read')
    .action(() => {
      const value = dailyFileFormats.map(({ name, description, columns }) => ({ name, description, columns }));
      const text = tableText(
        ['format', 'description'],
        value.map(({ name, description }) => [name, description]),
      );
      context.answer({ value, text });
    });
}
