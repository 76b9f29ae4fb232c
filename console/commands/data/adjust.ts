import type { Command } from 'commander';
import { pickRows, type DailyBars } from '#domain/bars.ts';
import type { ColumnTable } from '#domain/columnTable.ts';
import { Failure } from '#domain/failure.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { DailyFileFormat } from '#infra/fileDrop/fileFormats.ts';
import { readDailyFiles, type DailyDelivery } from '#infra/fileDrop/readDailyFiles.ts';
import { writeTableFile } from '#infra/files/tableFile.ts';
import { adjustedPrices } from '#pipelines/adjustment.ts';
import type { Finding } from '#pipelines/contract/finding.ts';
import { barsToTable } from '#pipelines/tables.ts';
import { exitCodes, tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';
import { checkDelivery } from './checkDelivery.ts';
import { asOfOption, formatOption } from './formatOption.ts';

interface AdjustOptions {
  readonly format: DailyFileFormat;
  readonly asOf?: SessionDate;
  readonly output?: string;
}

/** Rules that speak of how prices were adjusted. */
const adjustmentRules: readonly string[] = [
  'adjustmentMismatch',
  'actionMismatch',
  'actionInvalid',
  'spinOffAsDividend',
  'mixedAdjustment',
  'splitUnadjusted',
];

/** `data adjust`: prices with splits and dividends taken back, by our own computation. */
export function registerDataAdjust(data: Command, context: CommandContext): void {
  data
    .command('adjust')
    .description('adjust daily bars for splits and dividends, and name where the vendor adjusted otherwise')
    .argument('<paths...>', 'CSV and Parquet files, or folders of them')
    .addOption(formatOption())
    .addOption(asOfOption('as they stood after this session: no later split or dividend is in them'))
    .option('--output <file>', 'write the adjusted bars to FILE.parquet or FILE.csv')
    .action(async (paths: readonly string[], { format, asOf, output }: AdjustOptions) => {
      const delivery = await readDailyFiles(paths, format);
      const report = checkDelivery(asOf === undefined ? delivery : knownAt(delivery, asOf), {
        asOf,
        rules: context.settings().settings.data.contract,
      });
      const adjusted = report.bars.map((bars) => ({ ...bars, ...adjustedPrices(bars) }));
      if (output !== undefined) await writeTableFile(output, adjustedTable(adjusted));
      const differences = report.findings.filter(({ rule }) => adjustmentRules.includes(rule));
      const { verdict, hardFailures, quarantined } = report;
      context.answer({
        value: {
          format: format.name,
          asOf: asOf ?? null,
          output: output ?? null,
          verdict,
          hardFailures,
          quarantined,
          differences,
          symbols: report.bars.map((bars) => valueOf(bars, output)),
        },
        text: textOf(differences, report.bars, quarantined),
        exitCode: verdict === 'publishable' ? exitCodes.ok : exitCodes.refused,
      });
    });
}

/** The rows up to a session. */
function knownAt(delivery: DailyDelivery, asOf: SessionDate): DailyDelivery {
  const bars = delivery.bars.map((one) => {
    if (!one.actions) {
      throw new Failure(
        'ACTIONS_MISSING',
        `${one.symbol}: its prices come adjusted, without the splits and dividends that would take it back`,
        { symbol: one.symbol },
      );
    }
    return pickRows(
      one,
      one.sessions.flatMap((session, row) => (session <= asOf ? [row] : [])),
    );
  });
  return { ...delivery, bars: bars.filter(({ sessions }) => sessions.length > 0) };
}

function adjustedTable(bars: readonly DailyBars[]): ColumnTable {
  // Adjusted, the close is the adjusted close: one column says it.
  return barsToTable(bars).filter(({ name }) => name !== 'adjustedClose');
}

function valueOf({ symbol, sessions, close, adjustedClose }: DailyBars, output: string | undefined): object {
  const told = { symbol, rows: sessions.length, firstSession: sessions[0], lastSession: sessions.at(-1) };
  // With a file the bars are in it.
  return output === undefined ? { ...told, sessions, close: [...close], adjustedClose: [...adjustedClose] } : told;
}

function textOf(differences: readonly Finding[], bars: readonly DailyBars[], quarantined: readonly string[]): string {
  const rows = differences.map(({ rule, symbol, session, action, figures }) => [
    rule,
    symbol,
    session ?? '',
    action,
    Object.entries(figures)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  ]);
  return [
    tableText(['rule', 'symbol', 'session', 'done', 'figures'], rows),
    `${bars.length} symbols adjusted${quarantined.length === 0 ? '' : `, quarantined: ${quarantined.join(', ')}`}`,
  ].join('\n');
}
