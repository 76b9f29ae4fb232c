import type { Command } from 'commander';
import type { ResolvedSettings } from '#infra/configuration/resolveSettings.ts';
import type { Answer, ExitCode } from './answer.ts';
import type { OpenDesk } from './desk/desk.ts';
import type { StopSignal } from './untilStopped.ts';

/** What a command may use of the world; the program gives the real one, tests their own. */
export interface CommandContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder of the checkout: relative paths of the settings start there. */
  readonly checkout: string;
  /** Resolved on first use, so that help works whatever the settings hold. */
  readonly settings: () => ResolvedSettings;
  /** Connects to the servers that run. */
  readonly openDesk: () => Promise<OpenDesk>;
  /** Asks the person at the terminal for a secret; undefined when there is no terminal. */
  readonly askSecret: (question: string) => Promise<string | undefined>;
  /** Everything that is written to the standard input. */
  readonly readInput: () => Promise<string>;
  /** Resolves with the signal that asks the program to stop; taken over from its first call on. */
  readonly untilStopped: () => Promise<StopSignal>;
  /** Prints an answer as text or, with --json, as one line of JSON, and remembers its exit code. */
  readonly answer: (answer: Answer) => void;
  /** Tells people something on the way; it is no part of the answer. */
  readonly note: (text: string) => void;
  /** Sets the exit code of a command that answered before its end. */
  readonly exitWith: (exitCode: ExitCode) => void;
}

/** Adds commands to the program. */
export type CommandRegistration = (program: Command, context: CommandContext) => void;

/** Runs work at a desk and closes it, whatever happens. */
export async function atDesk<Result>(
  context: CommandContext,
  work: (desk: OpenDesk) => Promise<Result>,
): Promise<Result> {
  const desk = await context.openDesk();
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
}
