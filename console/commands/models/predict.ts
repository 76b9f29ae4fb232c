import type { Command } from 'commander';
import { forecastTable } from '#activities/batchInference.ts';
import { readFeatureFile } from '#infra/fileDrop/featureFile.ts';
import { writeTableFile } from '#infra/files/tableFile.ts';
import { atDesk, type CommandContext } from '../../context.ts';

interface PredictOptions {
  readonly input: string;
  readonly output: string;
}

/** `models predict`: a table of features through a registered model. */
export function registerModelsPredict(models: Command, context: CommandContext): void {
  models
    .command('predict')
    .description('forecast a table of features with a registered model, as it forecasts in a session')
    .argument('<model>', 'name in the registry')
    .argument('[version]', 'number of a version, `champion` or `previous`', 'champion')
    .requiredOption('--input <file>', 'CSV or Parquet: session, symbol, and the features of the model in its order')
    .requiredOption('--output <file>', 'FILE.csv or FILE.parquet: a forecast for every row with a complete window')
    .action((model: string, version: string, { input, output }: PredictOptions) =>
      atDesk(context, async (desk) => {
        const provider = context.settings().settings.model.inferenceProvider;
        const { modelVersion, artifactDigest, files } = await desk.models.fetch(model, version);
        const rows = await readFeatureFile(input);
        const begunMs = performance.now();
        const forecast = await forecastTable({ digest: artifactDigest, files }, rows, { provider, threads: 1 });
        const seconds = (performance.now() - begunMs) / 1_000;
        await writeTableFile(output, forecast.table);
        const { forecasts, windowSessions } = forecast;
        const rowsPerSecond = Math.round(forecasts / seconds);
        const given = rows.sessions.length;
        context.answer({
          value: { model, modelVersion, artifactDigest, input, output, rows: given, forecasts, seconds, rowsPerSecond },
          text: `${output}: ${forecasts} forecasts of ${given} rows by ${model} ${modelVersion}, ${rowsPerSecond} rows/s; the others lack ${windowSessions} complete sessions`,
        });
      }),
    );
}
