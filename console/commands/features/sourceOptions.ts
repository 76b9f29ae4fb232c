import { InvalidArgumentError, Option, type Command } from 'commander';
import { Failure } from '#domain/failure.ts';
import type { BarOrigin } from './closedBars.ts';
import type { StampChoice } from './fileBars.ts';

/** What a person says about where bars come from. */
export interface SourceOptions {
  readonly input?: string;
  readonly events?: readonly string[];
  readonly stamps: StampChoice;
  readonly book: 'quotes' | 'depth';
  readonly depthLevels: number;
  readonly observations: Readonly<Record<string, string>>;
}

const depthLevelsMax = 1_000;

/** Adds the options of sources: a file of bars or recorded events, and what is observed beside them. */
export function addSourceOptions(command: Command): Command {
  return command
    .option('--input <file>', 'bars: CSV (plain or gzip) or Parquet with the header names of usual exports')
    .option('--events <files...>', 'with a declaration: recorded events instead, in the order of time')
    .addOption(
      new Option('--stamps <convention>', 'of bars, with a declaration: times are the start or the end of a bar')
        .choices(['start', 'end', 'auto'])
        .default('auto'),
    )
    .addOption(
      new Option('--book <source>', 'of events: best prices are the quotes, or the book rebuilt from depth')
        .choices(['quotes', 'depth'])
        .default('quotes'),
    )
    .option('--depth-levels <count>', 'of events: levels a side that count as depth', levels, 10)
    .option('--observations <set=file...>', 'with a declaration: files of alternative data', asFiles, {});
}

/**
 * Where bars come from.
 * @throws Failure COMMAND_UNKNOWN unless exactly one source is named
 */
export function originOf({ input, events, stamps, book, depthLevels }: SourceOptions): BarOrigin {
  if ((input === undefined) === (events === undefined)) {
    throw new Failure('COMMAND_UNKNOWN', 'give either --input or --events', {});
  }
  if (input !== undefined) return { kind: 'bars', path: input, stamps };
  return { kind: 'events', paths: events!, terms: { book, depthLevels } };
}

function levels(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= depthLevelsMax) return count;
  throw new InvalidArgumentError(`a whole number from 1 to ${depthLevelsMax}.`);
}

function asFiles(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, set, file] = /^(\w+)=(.+)$/.exec(text) ?? [];
  if (set === undefined || file === undefined) throw new InvalidArgumentError('write SET=FILE.');
  return { ...before, [set]: file };
}
