import { InvalidArgumentError, type Command } from 'commander';
import type { SnapshotManifest } from '#domain/snapshotManifest.ts';
import type { BarRow, BarSelection } from '#infra/parquet/barQuery.ts';
import { tableText } from '../../answer.ts';
import { atDesk, type CommandContext } from '../../context.ts';

const limitMax = 100_000;

/** `data show`: a snapshot's manifest, and bars out of it. */
export function registerDataShow(data: Command, context: CommandContext): void {
  data
    .command('show')
    .description('show a snapshot: what its manifest tells, and bars of it')
    .argument('<digest>', 'digest of a snapshot, or `head` for the current one')
    .option('--dataset <name>', 'dataset whose head is meant, where there are several')
    .option('--symbol <symbol>', 'bars of one symbol; all when absent')
    .option('--from <session>', 'first session, YYYY-MM-DD')
    .option('--to <session>', 'last session, YYYY-MM-DD')
    .option('--limit <rows>', 'bars at most', limit, 20)
    .action((name: string, { dataset, ...selection }: BarSelection & { readonly dataset?: string }) =>
      atDesk(context, async ({ snapshots }) => {
        const manifest = await snapshots.find({ name, dataset });
        const bars = await snapshots.bars(manifest, selection);
        context.answer({ value: { manifest, bars }, text: showText(manifest, bars) });
      }),
    );
}

function limit(text: string): number {
  const rows = Number(text);
  if (Number.isInteger(rows) && rows >= 0 && rows <= limitMax) return rows;
  throw new InvalidArgumentError(`a whole number up to ${limitMax}`);
}

function showText(manifest: SnapshotManifest, bars: readonly BarRow[]): string {
  const { digest, dataset, asOf, firstSession, symbols, rows, provider, origin, parts, rules, reports } = manifest;
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const columns = ['symbol', 'session', 'open', 'high', 'low', 'close', 'adjustedClose', 'volume'] as const;
  return [
    `snapshot  ${digest}`,
    `of        ${dataset}, ${firstSession} to ${asOf}, ${symbols.length} symbols, ${rows} rows`,
    `from      ${provider}: ${origin}`,
    `parts     ${parts.length} files, ${bytes} bytes`,
    `findings  ${rules.map(({ rule, findings }) => `${rule} ${findings}`).join(', ') || 'none'}`,
    `report    ${reports.html}`,
    '',
    tableText(
      columns,
      bars.map((row) => columns.map((name) => String(row[name]))),
    ),
  ].join('\n');
}
