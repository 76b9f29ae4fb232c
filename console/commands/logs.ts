import { Failure } from '#domain/failure.ts';
import { logs } from '#infra/stack/verbLogs.ts';
import { exitCodes } from '../answer.ts';
import type { CommandRegistration } from '../context.ts';
import { stackPlace } from '../stackPlace.ts';

interface LogsOptions {
  readonly lines: string;
  readonly follow?: boolean;
}

/** `logs [SERVER]`: the servers' last words. */
export const registerLogs: CommandRegistration = (program, context) => {
  program
    .command('logs')
    .argument('[server]', 'one server; all when absent')
    .option('--lines <count>', 'last lines of each', '20')
    .option('--follow', 'go on with new lines until interrupted')
    .description("print the servers' logs; with --json one object a line")
    .action(async (server: string | undefined, { lines, follow }: LogsOptions) => {
      const count = Number(lines);
      if (!Number.isSafeInteger(count) || count < 1) {
        throw new Failure('COMMAND_UNKNOWN', `--lines is a whole number of at least 1, not ${lines}`);
      }
      const abort = new AbortController();
      if (follow) {
        void context.untilStopped().then((signal) => {
          if (signal === 'SIGINT') context.exitWith(exitCodes.interrupted);
          return abort.abort();
        });
      }
      await logs({
        home: stackPlace(context).home,
        lines: count,
        write: (line) => context.answer({ value: { line }, text: line }),
        ...(server !== undefined && { server }),
        ...(follow && { follow: abort.signal }),
      });
    });
};
