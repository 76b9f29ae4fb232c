import type { Command } from 'commander';
import { contractTable } from '#infra/fileDrop/contractTable.ts';
import type { DailyFileFormat } from '#infra/fileDrop/fileFormats.ts';
import { readDailyFiles } from '#infra/fileDrop/readDailyFiles.ts';
import { writeTableFile } from '#infra/files/tableFile.ts';
import type { CommandContext } from '../../context.ts';
import { formatOption } from './formatOption.ts';

/** `data convert`: daily bars of any format in the layout `plimsoll`, unchecked. */
export function registerDataConvert(data: Command, context: CommandContext): void {
  data
    .command('convert')
    .description('write daily bars of any format in the layout `plimsoll`; what cannot be read is named')
    .argument('<paths...>', 'CSV and Parquet files, or folders of them')
    .addOption(formatOption())
    .requiredOption('--output <file>', 'FILE.parquet or FILE.csv')
    .action(
      async (
        paths: readonly string[],
        { format, output }: { readonly format: DailyFileFormat; readonly output: string },
      ) => {
        const { bars, notData, unreadableRows } = await readDailyFiles(paths, format);
        await writeTableFile(output, contractTable(bars));
        const rows = bars.reduce((sum, { sessions }) => sum + sessions.length, 0);
        const symbols = new Set(bars.map(({ symbol }) => symbol)).size;
        context.answer({
          value: { format: format.name, output, symbols, rows, notData, unreadableRows },
          text: [
            ...notData.map(({ path, problem }) => `left out: ${path}: ${problem}`),
            ...unreadableRows.map(({ path, line, problem }) => `left out: ${path}, line ${line}: ${problem}`),
            `${output}: ${symbols} symbols, ${rows} rows`,
          ].join('\n'),
        });
      },
    );
}
