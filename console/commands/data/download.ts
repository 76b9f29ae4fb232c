import { Option } from 'commander';
import type { Command } from 'commander';
import type { ColumnTable } from '#domain/columnTable.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { providerNames } from '#infra/configuration/sections/providers.ts';
import { contractTable } from '#infra/fileDrop/contractTable.ts';
import { writeTableFile } from '#infra/files/tableFile.ts';
import { downloadBars } from '#infra/providers/downloadBars.ts';
import type { DownloadedBars } from '#infra/providers/downloadBars.ts';
import { intradayTable } from '#infra/providers/intradayTable.ts';
import { openProvider } from '#infra/providers/marketDataProviders.ts';
import type { ProviderName } from '#infra/providers/marketDataProviders.ts';
import { timeframeMs } from '#infra/providers/barColumns.ts';
import { cacheFolder } from '#infra/stack/cache.ts';
import { provideSample } from '#infra/stack/sampleData.ts';
import { exitCodes } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';
import { asDate } from './formatOption.ts';
import { symbolsOf } from './symbolsOption.ts';

interface DownloadOptions {
  readonly provider: ProviderName;
  readonly symbols: readonly string[];
  readonly from: SessionDate;
  readonly to: SessionDate;
  readonly timeframe: keyof typeof timeframeMs;
  readonly output: string;
}

/** `data download`: bars of a provider into a file, whole or not at all. */
export function registerDataDownload(data: Command, context: CommandContext): void {
  data
    .command('download')
    .description('write bars of a provider to a file, unchecked; ends with 3 when some symbols had none')
    .addOption(
      new Option('--provider <name>', 'one that `data providers` lists').choices(providerNames).makeOptionMandatory(),
    )
    .requiredOption('--symbols <list>', 'symbols with commas between, e.g. AAPL,BRK.B', symbolsOf)
    .requiredOption('--from <session>', 'first session, YYYY-MM-DD', asDate)
    .requiredOption('--to <session>', 'last session, YYYY-MM-DD', asDate)
    .addOption(new Option('--timeframe <length>', 'length of a bar').choices(Object.keys(timeframeMs)).default('1Day'))
    .requiredOption('--output <file>', 'FILE.parquet or FILE.csv')
    .action(async ({ provider: name, symbols, from, to, timeframe, output }: DownloadOptions) => {
      const { settings } = context.settings();
      const stocksPath = name === 'sample' ? await provideSample(cacheFolder(), context.note) : '';
      const provider = openProvider(name, settings.data.providers, stocksPath);
      try {
        const downloaded = await downloadBars(provider, { symbols, range: { from, to }, timeframe }, context.note);
        await writeTableFile(output, tableOf(downloaded));
        answer(context, { name, output, downloaded });
      } finally {
        await provider.close?.();
      }
    });
}

function tableOf(downloaded: DownloadedBars): ColumnTable {
  return downloaded.kind === 'daily' ? contractTable(downloaded.bars) : intradayTable(downloaded.bars);
}

function answer(
  context: CommandContext,
  { name, output, downloaded }: { readonly name: string; readonly output: string; readonly downloaded: DownloadedBars },
): void {
  const { scale, withoutBars, untold } = downloaded;
  const rows = downloaded.bars.reduce((sum, { close }) => sum + close.length, 0);
  const symbols = downloaded.bars.length;
  context.answer({
    value: { provider: name, output, kind: downloaded.kind, scale, symbols, rows, withoutBars, otherActions: untold },
    text: [
      ...withoutBars.map((symbol) => `no bars: ${symbol}`),
      ...untold.map(({ symbol, exDate, vendorKind }) => `not in the columns: ${symbol} ${exDate} ${vendorKind}`),
      `${output}: ${symbols} symbols, ${rows} rows, prices ${scale === 'raw' ? 'raw' : 'ADJUSTED for splits by the vendor'}`,
    ].join('\n'),
    exitCode: withoutBars.length > 0 ? exitCodes.refused : exitCodes.ok,
  });
}
