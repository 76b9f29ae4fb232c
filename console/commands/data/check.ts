import type { Command } from 'commander';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { DailyFileFormat } from '#infra/fileDrop/fileFormats.ts';
import { readDailyFiles, type DailyDelivery } from '#infra/fileDrop/readDailyFiles.ts';
import { writeWholeFile } from '#infra/files/tableFile.ts';
import type { ContractReport } from '#pipelines/contract/checkContract.ts';
import { reportPage } from '#pipelines/contract/reportPage.ts';
import { summariseRules, type RuleSummary } from '#pipelines/contract/summariseRules.ts';
import { exitCodes, tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';
import { checkDelivery } from './checkDelivery.ts';
import { asOfOption, formatOption } from './formatOption.ts';

interface CheckOptions {
  readonly format: DailyFileFormat;
  readonly asOf?: SessionDate;
  readonly report?: string;
}

/** `data check`: daily bars in files held against the data contract. */
export function registerDataCheck(data: Command, context: CommandContext): void {
  data
    .command('check')
    .description('hold daily bars in files against the data contract; ends with 3 when they would not be published')
    .argument('<paths...>', 'CSV and Parquet files, or folders of them')
    .addOption(formatOption())
    .addOption(asOfOption('last session that can be known; the latest in the files when absent'))
    .option('--report <file>', 'write the report as one HTML page')
    .action(async (paths: readonly string[], { format, asOf, report: page }: CheckOptions) => {
      const delivery = await readDailyFiles(paths, format);
      const report = checkDelivery(delivery, { asOf, rules: context.settings().settings.data.contract });
      const rows = delivery.bars.reduce((sum, { sessions }) => sum + sessions.length, 0);
      const rules = summariseRules(report, rows);
      if (page !== undefined) await writeWholeFile(page, reportPage(paths.join(', '), report, rules));
      const { verdict, hardFailures, quarantined, findings } = report;
      context.answer({
        value: {
          format: format.name,
          files: { read: paths, notData: delivery.notData, unreadableRows: delivery.unreadableRows },
          symbols: delivery.bars.length,
          rows,
          verdict,
          hardFailures,
          quarantined,
          rules,
          findings,
        },
        text: reportText(delivery, { report, rules, rows }),
        exitCode: verdict === 'publishable' ? exitCodes.ok : exitCodes.refused,
      });
    });
}

function reportText(
  { bars, notData, unreadableRows }: DailyDelivery,
  {
    report,
    rules,
    rows,
  }: { readonly report: ContractReport; readonly rules: readonly RuleSummary[]; readonly rows: number },
): string {
  const lines = report.findings.map(({ rule, symbol, session, action, method, figures }) => [
    rule,
    symbol,
    session ?? '',
    method === undefined ? action : `${action}: ${method}`,
    Object.entries(figures)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  ]);
  const spoken = rules.map(({ rule, findings, symbols, fractionOfRows }) => [
    rule,
    String(findings),
    String(symbols),
    `${(fractionOfRows * 100).toFixed(4)} %`,
  ]);
  return [
    tableText(['rule', 'symbol', 'session', 'done', 'figures'], lines),
    '',
    tableText(['rule', 'findings', 'symbols', 'of rows'], spoken),
    '',
    ...unreadableRows.map(({ path, line, problem }) => `${path}, line ${line}: ${problem}`),
    ...report.hardFailures.map(({ rule, message }) => `refused: ${rule}: ${message}`),
    `${bars.length} symbols, ${rows} rows, ${notData.length} files without data: ${report.verdict}`,
  ].join('\n');
}
