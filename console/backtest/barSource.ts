import { InvalidArgumentError, type Command } from 'commander';
import type { DailyBars } from '#domain/bars.ts';
import { joinParts } from '#pipelines/snapshotParts.ts';
import { atDesk, type CommandContext } from '../context.ts';
import { readPlayedBars } from './playedBars.ts';

/** Where the bars that are played come from: a file, or a published snapshot. */
export interface BarSourceOptions {
  readonly input?: string;
  readonly snapshot?: string;
  readonly dataset?: string;
}

/** Bars with where they came from, in a word. */
export interface SourcedBars {
  readonly bars: readonly DailyBars[];
  /** The file, or `snapshot DIGEST`. */
  readonly input: string;
}

/** Adds the options that say where bars come from. */
export function addBarSource(command: Command): Command {
  return command
    .option('--input <file>', 'CSV (plain or gzip) or Parquet with the header names of usual exports')
    .option('--snapshot <digest>', 'bars of a published snapshot instead, or `head` for the current one')
    .option('--dataset <name>', 'with --snapshot head: dataset whose head is meant, where there are several');
}

/**
 * The bars that options name.
 * @throws InvalidArgumentError unless a file or a snapshot is named; Failure as `readPlayedBars`; SNAPSHOT_UNKNOWN,
 *   SNAPSHOT_DAMAGED
 */
export async function sourcedBars(
  context: CommandContext,
  { input, snapshot, dataset }: BarSourceOptions,
): Promise<SourcedBars> {
  if ((input === undefined) === (snapshot === undefined)) {
    throw new InvalidArgumentError('give either --input or --snapshot.');
  }
  if (input !== undefined) return { bars: await readPlayedBars(input), input };
  return atDesk(context, async ({ snapshots }) => {
    const manifest = await snapshots.find({ name: snapshot!, dataset });
    const { bars } = joinParts(await snapshots.parts(manifest));
    return { bars, input: `snapshot ${manifest.digest}` };
  });
}
