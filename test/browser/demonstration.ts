import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A demonstration that waits for its two reviewers. */
export interface Demonstration {
  readonly consoleUrl: string;
  /** The logins it printed. */
  readonly people: readonly { readonly name: string; readonly password: string }[];
  /** Resolves once it said that it stays up: the day was traded. */
  readonly traded: Promise<void>;
  /** Stops it as Ctrl-C does; resolves when it ended. */
  stop(): Promise<void>;
}

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs `npm start` on a home as a person would, until it waits for reviewers.
 * @throws Error with its last words when it ends before that
 */
export async function startDemonstration(given: {
  readonly home: string;
  readonly windows: number;
  /** Receiver of its traces. */
  readonly otlpEndpoint: string;
}): Promise<Demonstration> {
  const { home, windows, otlpEndpoint } = given;
  const child = spawn(process.execPath, ['infra/stack/bootstrap.mjs', 'start', '--windows', String(windows)], {
    cwd: checkout,
    env: { ...process.env, PLIMSOLL_HOME: home, PLIMSOLL_TELEMETRY__OTLP_ENDPOINT: otlpEndpoint },
    detached: true,
    // The channel carries nothing: its end stops the start when we are killed, though its group is its own.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let lastWords = '';
  const told = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      lines.on('line', (line) => {
        const found = pattern.exec(line);
        if (found) resolve(found);
      });
      child.once('exit', (code) => reject(new Error(`the start ended with ${code}: ${lastWords}`)));
    });
  const lines = createInterface({ input: child.stderr! });
  lines.on('line', (line) => {
    lastWords = `${lastWords}\n${line}`.slice(-1_200);
  });
  const traded = told(/^up until Ctrl-C$/).then(() => undefined);
  // Awaited late, and not at all by a test that failed before.
  traded.catch(() => undefined);
  const [, consoleUrl = '', logins = ''] = await told(/^waiting for two reviewers: open (\S+) \((.+)\)$/);
  const people = logins.split(', ').map((login) => {
    const [name = '', password = ''] = login.split(' / ');
    return { name, password };
  });
  return {
    consoleUrl,
    people,
    traded,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGINT');
      await ended;
    },
  };
}
