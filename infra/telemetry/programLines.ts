import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { createLogger, type PlimsollLogger } from './logger.ts';

/** What libraries write by themselves: TensorFlow's and other C++ libraries' lines begin with date, level and place. */
const nativeLine = /(?:^|\s)([IWEF])(?:\d{4})?\s.*\.(?:cc|cpp|h|cu):\d+\]\s*(.*)$/;
const nativeLevels = { I: 'debug', W: 'warn', E: 'error', F: 'fatal' } as const;

/** A line of a program that knows no logger, as one of ours: its level is that of the library's own mark, else warn. */
export function logProgramLine(logger: PlimsollLogger, program: string, line: string): void {
  if (line.trim() === '') return;
  const [, mark, text] = nativeLine.exec(line) ?? [];
  const level = mark === undefined ? 'warn' : nativeLevels[mark as keyof typeof nativeLevels];
  logger[level]({ 'process.name': program, ...(mark !== undefined && { 'log.original': line }) }, text ?? line);
}

/** Logs what a program prints, line by line. */
export function logProgram(logger: PlimsollLogger, program: string, output: Readable): void {
  createInterface({ input: output }).on('line', (line) => logProgramLine(logger, program, line));
}

/**
 * From now on what would be printed by Node itself, its warnings and the error that ends the program, is a line of the
 * log, so that every line is JSON.
 */
export function logOwnEnd(service: string): void {
  const logger = createLogger({ service, level: 'info' });
  // Node's own listener prints.
  process.removeAllListeners('warning');
  process.on('warning', (err) => logger.warn({ err }, err.message));
  process.on('uncaughtException', (err) => {
    logger.fatal({ err }, `ended by an error: ${err.message}`);
    process.exit(1);
  });
}
