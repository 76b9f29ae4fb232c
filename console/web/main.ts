import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadSettings } from '#infra/configuration/loadSettings.ts';
import { createLogger } from '#infra/telemetry/logger.ts';
import { startTracing } from '#infra/telemetry/tracing.ts';
import { openLocalDesk } from '../desk/localDesk.ts';
import { serveConsole } from './serveConsole.ts';

// The web console as a program: node --import tsx console/web/main.ts [--port N]
// It prints one line {"url":"http://…"} when it answers, and ends on SIGTERM and SIGINT.
const service = 'plimsoll-console';
const flushTimeoutMs = 2_000;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string' } } });
  const checkout = fileURLToPath(new URL('../..', import.meta.url));
  const { settings } = loadSettings({ checkout, environment: process.env });
  const logger = createLogger({ service, level: settings.telemetry.logLevel });
  const tracing = startTracing({ service, otlpEndpoint: settings.telemetry.otlpEndpoint });
  const desk = await openLocalDesk(checkout, settings);
  const port = values.port === undefined ? settings.stack.ports.console : Number(values.port);
  const served = await serveConsole({ desk, settings: settings.console, port, logger });
  process.stdout.write(`${JSON.stringify({ url: served.url })}\n`);
  logger.info({ 'url.full': served.url }, 'the console answers');
  const stop = async (): Promise<void> => {
    await served.close();
    await desk.close();
    await tracing.stop(flushTimeoutMs);
    logger.info('stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
}

await main();
