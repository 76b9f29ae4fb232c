import { migrate } from '#infra/postgres/migrate.ts';
import { up } from '#infra/stack/verbsUpDown.ts';
import { exitCodes, tableText } from '../answer.ts';
import type { CommandRegistration } from '../context.ts';
import { stackPlace } from '../stackPlace.ts';

/** `up`: brings the servers up in the background. */
export const registerUp: CommandRegistration = (program, context) => {
  program
    .command('up')
    .description('bring the servers up in the background; what runs already is left as it is')
    .action(async () => {
      const abort = new AbortController();
      void context.untilStopped().then(() => abort.abort());
      const startedMs = Date.now();
      const progress = (name: string, text: string): void => {
        context.note(`${Math.round((Date.now() - startedMs) / 1_000)} s  ${name}: ${text}`);
      };
      try {
        const { temporal, postgres, objects, mlflow } = await up({
          ...stackPlace(context),
          progress,
          signal: abort.signal,
        });
        // A new checkout may bring new tables to an old home.
        for (const name of await migrate(postgres.url)) progress('postgres', `migrated ${name}`);
        // Addresses people open; those with credentials stay in the home.
        const value = { temporal: temporal.uiUrl, mlflow: mlflow.url, objects: objects.consoleUrl ?? objects.endpoint };
        context.answer({ value, text: tableText(['server', 'address'], Object.entries(value)) });
      } catch (error) {
        if (!abort.signal.aborted) throw error;
        context.note('given up: nothing runs on');
        context.exitWith(exitCodes.interrupted);
      }
    });
};
