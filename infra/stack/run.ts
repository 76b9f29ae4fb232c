import { spawn } from 'node:child_process';
import { endWithUs } from './childGroups.ts';

/** How a program ended and the last of what it printed. */
export interface RunResult {
  readonly status: number | null;
  readonly output: string;
}

const outputMax = 20_000;

/** A program's flags, `{ '--port': 80 }` as `--port 80`; a list gives its flag once an item. */
export function flags(values: Readonly<Record<string, string | number | readonly string[]>>): readonly string[] {
  return Object.entries(values).flatMap(([flag, value]) =>
    (typeof value === 'object' ? value : [String(value)]).flatMap((item) => [flag, item]),
  );
}

/** Runs a program to its end. Its output is kept, the last 20,000 characters; it is not shown. */
export function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    endWithUs(child);
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-outputMax);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}

/**
 * Runs a program that must succeed.
 * @throws Error with the last lines it printed when it does not
 */
export async function mustRun(...[command, args, options]: Parameters<typeof run>): Promise<string> {
  const { status, output } = await run(command, args, options);
  if (status !== 0)
    throw new Error(`${command} ended with ${status}: ${output.trim().split('\n').slice(-8).join('\n')}`);
  return output;
}
