import { runCommandLine, type CommandLineWorld } from '#console/program.ts';
import { resolveWithOrigins } from '#infra/configuration/resolveSettings.ts';
import { memoryDesk, type MemoryDesk } from './memoryDesk.ts';

/** How a command ended and what it said. */
export interface Outcome {
  readonly exitCode: number;
  readonly out: string;
  readonly error: string;
}

/** What a test gives a command. */
export interface GivenWorld {
  readonly desk?: MemoryDesk;
  readonly environment?: Record<string, string | undefined>;
  readonly secret?: string;
  /** What stands on the standard input. */
  readonly input?: string;
  readonly stopped?: Promise<'SIGINT' | 'SIGTERM'>;
  /** Folder of the checkout; one that is not there unless given. */
  readonly checkout?: string;
}

/** The world of a command in a test: in memory unless given. */
export function worldOf(given: GivenWorld): Omit<CommandLineWorld, 'writeOut'> {
  const {
    desk = memoryDesk(),
    environment = {},
    secret,
    input = '',
    stopped = Promise.resolve('SIGTERM' as const),
    checkout = '/nowhere',
  } = given;
  return {
    environment,
    checkout,
    settings: () => resolveWithOrigins({ environment }),
    openDesk: () => Promise.resolve(desk),
    askSecret: () => Promise.resolve(secret),
    readInput: () => Promise.resolve(input),
    untilStopped: () => stopped,
    writeError: () => undefined,
  };
}

/** Runs one command line in a test's world. */
export async function plimsoll(line: string, given: GivenWorld = {}): Promise<Outcome> {
  let out = '';
  let error = '';
  const exitCode = await runCommandLine(line.split(' ').filter(Boolean), {
    ...worldOf(given),
    writeOut: (text) => {
      out += text;
    },
    writeError: (text) => {
      error += text;
    },
  });
  return { exitCode, out, error };
}
