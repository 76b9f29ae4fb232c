import type { Command } from 'commander';
import { sessionsBetween } from '#domain/calendar.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { membersOn } from '#domain/universe.ts';
import type { DailyFileFormat } from '#infra/fileDrop/fileFormats.ts';
import { readMemberships } from '#infra/fileDrop/membershipFile.ts';
import { readDailyFiles } from '#infra/fileDrop/readDailyFiles.ts';
import { readSectors } from '#infra/fileDrop/sectorFile.ts';
import { unionOfSessions } from '#pipelines/sessionSpan.ts';
import { survivorship, type Coverage, type SurvivorshipReport } from '#pipelines/survivorship.ts';
import { tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';
import { asDate, formatOption } from './formatOption.ts';

/** `data universe` and `data survivorship`: an index as it was, from a file of memberships; needs no server. */
export function registerDataUniverse(data: Command, context: CommandContext): void {
  data
    .command('universe')
    .description('list the members of an index on a day, as they were known on that day')
    .argument('<memberships>', 'CSV or Parquet: symbol, from, until (the first day no more a member, or empty)')
    .requiredOption('--on <date>', 'YYYY-MM-DD', asDate)
    .option('--sectors <file>', 'CSV or Parquet: symbol, sector, industry; tells the sector of each')
    .action(async (path: string, { on, sectors }: { readonly on: SessionDate; readonly sectors?: string }) => {
      const known = sectors === undefined ? undefined : await readSectors(sectors);
      const members = membersOn(await readMemberships(path), on).map((symbol) => ({
        symbol,
        ...(known && { sector: known.get(symbol)?.sector ?? null }),
      }));
      const rows = members.map(({ symbol, sector }) => [symbol, ...(known ? [sector ?? 'unknown'] : [])]);
      const text = `${tableText(['symbol', ...(known ? ['sector'] : [])], rows)}\n\n${members.length} members on ${on}`;
      context.answer({ value: { on, members }, text });
    });
  data
    .command('survivorship')
    .description('tell how much of an index bars hold: of members that stayed, and of those that have left since')
    .argument('<memberships>', 'CSV or Parquet: symbol, from, until')
    .argument('<bars...>', 'CSV and Parquet files of daily bars, or folders of them')
    .addOption(formatOption())
    .action(async (path: string, bars: readonly string[], { format }: { readonly format: DailyFileFormat }) => {
      const universe = await readMemberships(path);
      const delivery = await readDailyFiles(bars, format);
      const sessions = unionOfSessions(delivery.bars);
      const [first, last] = [sessions[0], sessions.at(-1)];
      const span = first === undefined || last === undefined ? [] : sessionsBetween(first, last);
      const report = survivorship(universe, delivery.bars, span);
      context.answer({ value: { first, last, ...report }, text: reportText(report) });
    });
}

function reportText({ years, stayed, left, neverHeld }: SurvivorshipReport): string {
  const rows = [
    ...years.map((year) => [String(year.year), fractionText(year.stayed), fractionText(year.left)]),
    ['all', fractionText(stayed), fractionText(left)],
  ];
  return [
    tableText(['year', 'held of members that stayed', 'held of members that left'], rows),
    '',
    `${neverHeld.length} members have no bar at all`,
  ].join('\n');
}

function fractionText({ memberSessions, held }: Coverage): string {
  return memberSessions === 0 ? 'none' : `${((100 * held) / memberSessions).toFixed(2)} %`;
}
