import type { Command } from 'commander';
import { writeTableFile } from '#infra/files/tableFile.ts';
import type { CommandContext } from '../../context.ts';
import { compiledDeclaration, streamDeclared } from './declaredFeatures.ts';
import { declaredReport } from './declaredReport.ts';
import { addSourceOptions, originOf, type SourceOptions } from './sourceOptions.ts';

interface StreamOptions extends SourceOptions {
  readonly declaration: string;
  readonly output: string;
}

/** `features stream`: declared features bar by bar, as a live feed would have them. */
export function registerFeaturesStream(features: Command, context: CommandContext): void {
  const stream = features
    .command('stream')
    .description('feed bars or recorded events one after the other, as live; writes what `compute` writes, bit for bit')
    .requiredOption('--declaration <file>', 'YAML of features: names, kinds, inputs, parameters, timeframes');
  addSourceOptions(stream)
    .requiredOption('--output <file>', 'FILE.csv or FILE.parquet')
    .action(async ({ declaration: path, output, observations, ...source }: StreamOptions) => {
      const request = { origin: originOf({ ...source, observations }), declaration: path, observations };
      const declaration = await compiledDeclaration(path);
      const beganMs = performance.now();
      const table = await streamDeclared(declaration, request);
      const seconds = (performance.now() - beganMs) / 1_000;
      await writeTableFile(output, table);
      const { value, text } = declaredReport(declaration.plan, table, request);
      const rowsPerSecond = Math.round((table[0]?.values.length ?? 0) / seconds);
      context.answer({
        value: { ...value, output, seconds, rowsPerSecond },
        text: `${text}, ${rowsPerSecond} rows/s: ${output}`,
      });
    });
}
