import { InvalidArgumentError, Option } from 'commander';
import { sessionDate, type SessionDate } from '#domain/sessionDate.ts';
import { dailyFileFormat } from '#infra/fileDrop/fileFormats.ts';

/** `--format NAME` of the commands that read daily files. */
export function formatOption(): Option {
  return new Option('--format <name>', 'how the files are laid out: see `data formats`')
    .argParser(dailyFileFormat)
    .default(dailyFileFormat('plimsoll'), 'plimsoll');
}

/** `--as-of DATE`, a session. */
export function asOfOption(description: string): Option {
  return new Option('--as-of <date>', description).argParser(asDate);
}

/** The argument of an option that takes a date. */
export function asDate(text: string): SessionDate {
  try {
    return sessionDate(text);
  } catch {
    throw new InvalidArgumentError('write YYYY-MM-DD.');
  }
}
