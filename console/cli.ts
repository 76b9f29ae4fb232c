import { fileURLToPath } from 'node:url';
import { loadSettings } from '#infra/configuration/loadSettings.ts';
import type { ResolvedSettings } from '#infra/configuration/resolveSettings.ts';
import { askSecret } from './askSecret.ts';
import { openLocalDesk } from './desk/localDesk.ts';
import { runCommandLine } from './program.ts';

// The command line as a program; `plimsoll.mjs` starts it once everything is installed.
const checkout = fileURLToPath(new URL('..', import.meta.url));
const { env: environment } = process;

let resolved: ResolvedSettings | undefined;
const settings = (): ResolvedSettings => (resolved ??= loadSettings({ checkout, environment }));

const untilStopped = (): Promise<'SIGINT' | 'SIGTERM'> =>
  new Promise((resolve) => {
    // Further signals change nothing: what stops is stopping, and must not be cut off on the way.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve(signal));
    // Whoever started us was killed: the same as being asked to stop.
    process.once('disconnect', () => resolve('SIGTERM'));
    process.channel?.unref();
  });

process.exitCode = await runCommandLine(process.argv.slice(2), {
  environment,
  checkout,
  settings,
  openDesk: () => openLocalDesk(checkout, settings().settings),
  askSecret,
  untilStopped,
  writeOut: (text) => process.stdout.write(`${text}\n`),
  writeError: (text) => process.stderr.write(`${text}\n`),
});
