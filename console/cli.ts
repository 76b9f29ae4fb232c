import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { loadSettings } from '#infra/configuration/loadSettings.ts';
import type { ResolvedSettings } from '#infra/configuration/resolveSettings.ts';
import { endWithParent } from '#infra/stack/endWithParent.ts';
import { askSecret } from './askSecret.ts';
import { runCommandLine } from './program.ts';
import { outliveOutput, untilStopped } from './untilStopped.ts';

// The command line as a program; `plimsoll.mjs` starts it once everything is installed.
const checkout = fileURLToPath(new URL('..', import.meta.url));
const { env: environment } = process;

let resolved: ResolvedSettings | undefined;
const settings = (): ResolvedSettings => (resolved ??= loadSettings({ checkout, environment }));

endWithParent();
outliveOutput();
process.exitCode = await runCommandLine(process.argv.slice(2), {
  environment,
  checkout,
  settings,
  // Its clients of servers are only loaded for the verbs that need them.
  openDesk: async () => (await import('./desk/localDesk.ts')).openLocalDesk(checkout, settings().settings),
  askSecret,
  readInput: () => text(process.stdin),
  untilStopped,
  writeOut: (text) => process.stdout.write(`${text}\n`),
  writeError: (text) => process.stderr.write(`${text}\n`),
});
