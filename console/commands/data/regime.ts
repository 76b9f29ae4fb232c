import type { Command } from 'commander';
import { Failure } from '#domain/failure.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { DailyFileFormat } from '#infra/fileDrop/fileFormats.ts';
import { readDailyFiles } from '#infra/fileDrop/readDailyFiles.ts';
import { readVolatilityRegimes } from '#pipelines/regime/volatilityRegime.ts';
import { tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';
import { checkDelivery } from './checkDelivery.ts';
import { asDate, formatOption } from './formatOption.ts';

interface RegimeOptions {
  readonly format: DailyFileFormat;
  readonly from?: SessionDate;
}

/** `data regime`: how wild a market was beside its own past, session by session; needs no server. */
export function registerDataRegime(data: Command, context: CommandContext): void {
  data
    .command('regime')
    .description('tell the volatility regime of a market at each close, by nothing later than that close')
    .argument('<bars>', 'CSV or Parquet file of daily bars of one symbol, at least 253 sessions')
    .addOption(formatOption())
    .option('--from <date>', 'first session to tell, YYYY-MM-DD', asDate)
    .action(async (path: string, { format, from }: RegimeOptions) => {
      const report = checkDelivery(await readDailyFiles([path], format), {});
      const [bars, ...others] = report.bars;
      const symbols = report.bars.map(({ symbol }) => symbol);
      if (!bars || others.length > 0) {
        const found = symbols.length === 0 ? 'no symbol' : symbols.join(', ');
        throw new Failure('REGIME_OF_ONE_MARKET', `a regime is of one market: ${path} has ${found} to go by`, {
          path,
          symbols,
        });
      }
      const all = readVolatilityRegimes(bars.sessions, bars.adjustedClose);
      const readings = all.filter(({ session }) => from === undefined || session >= from);
      const rows = readings.map(({ session, volatility, rank, regime }) => [
        session,
        `${(100 * volatility).toFixed(2)} %`,
        rank.toFixed(3),
        regime,
      ]);
      context.answer({
        value: { symbol: bars.symbol, readings },
        text: tableText(['session', 'volatility a year', 'rank', 'regime'], rows),
      });
    });
}
