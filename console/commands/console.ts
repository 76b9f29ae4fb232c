import { createLogger } from '#infra/telemetry/logger.ts';
import { startTracing } from '#infra/telemetry/tracing.ts';
import { exitCodes } from '../answer.ts';
import { atDesk, type CommandRegistration } from '../context.ts';
import { serveConsole } from '../web/serveConsole.ts';

const service = 'plimsoll-console';
const flushTimeoutMs = 2_000;

/** `console`: serves the web console until it is stopped. */
export const registerConsole: CommandRegistration = (program, context) => {
  program
    .command('console')
    .option('--port <number>', 'port; stack.ports.console when absent, 0 takes a free one')
    .description('serve the web console until stopped; its address is printed when it answers')
    .action(async ({ port }: { readonly port?: string }) => {
      const { settings } = context.settings();
      const logger = createLogger({ service, level: settings.telemetry.logLevel });
      const tracing = startTracing({ service, otlpEndpoint: settings.telemetry.otlpEndpoint });
      try {
        await atDesk(context, async (desk) => {
          const served = await serveConsole({
            desk,
            settings: settings.console,
            port: port === undefined ? settings.stack.ports.console : Number(port),
            logger,
          });
          const signalled = context.untilStopped();
          context.answer({ value: { url: served.url }, text: `the console answers at ${served.url}` });
          const signal = await signalled;
          await served.close();
          context.exitWith(signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.ok);
        });
      } finally {
        await tracing.stop(flushTimeoutMs);
      }
    });
};
