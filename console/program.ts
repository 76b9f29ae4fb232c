import { Command, CommanderError } from 'commander';
import { exitCodes, type Answer, type ExitCode } from './answer.ts';
import type { CommandContext, CommandRegistration } from './context.ts';
import { errorLine, tellError, type ToldError } from './errorText.ts';
import { verbs } from './verbs.ts';

/** The world of the command line: what commands may use, and where words go. */
export interface CommandLineWorld extends Omit<CommandContext, 'answer' | 'exitWith' | 'note'> {
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** Commands beside those of this folder. */
  readonly more?: readonly CommandRegistration[];
}

const exitCodeHelp = `
Exit codes: 0 done, 1 failed, 2 not understood, 3 refused by a rule, 130 interrupted.
With --json every command prints one line of JSON; errors go to stderr as CODE: message / what to do.`;

/**
 * Runs one command line.
 * @param given arguments after the program's name
 * @returns the exit code, of the documented ones
 */
export async function runCommandLine(given: readonly string[], world: CommandLineWorld): Promise<ExitCode> {
  // Before parsing, an error must already know how to be told.
  const asJson = given.includes('--json');
  let exitCode: ExitCode = exitCodes.ok;
  const context: CommandContext = {
    ...world,
    answer: (answer: Answer) => {
      world.writeOut(asJson ? JSON.stringify(answer.value) : answer.text);
      exitCode = answer.exitCode ?? exitCodes.ok;
    },
    note: world.writeError,
    exitWith: (code) => {
      exitCode = code;
    },
  };
  try {
    const program = createProgram(context, world, await registrationsOf(given));
    // Asked for nothing, it tells what it can do.
    await program.parseAsync(given.length === 0 ? ['help'] : [...given], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
    const told = error instanceof CommanderError ? usageError(error) : tellError(error);
    world.writeError(asJson ? JSON.stringify({ error: told }) : errorLine(told));
    return told.exitCode;
  }
}

/** Of the verb that is asked for; of all where help is, or what they do not know. */
async function registrationsOf(given: readonly string[]): Promise<readonly CommandRegistration[]> {
  const asked = given.find((word) => !word.startsWith('-'));
  const loaders = asked !== undefined && Object.hasOwn(verbs, asked) ? [verbs[asked]!] : Object.values(verbs);
  return Promise.all(loaders.map((load) => load()));
}

function createProgram(
  context: CommandContext,
  world: CommandLineWorld,
  registrations: readonly CommandRegistration[],
): Command {
  const program = new Command('plimsoll')
    .description('Systematic equity trading carried by Temporal workflows, from market data to money and back.')
    .option('--json', 'print one line of JSON instead of text')
    .showSuggestionAfterError()
    .addHelpText('after', exitCodeHelp);
  for (const register of [...registrations, ...(world.more ?? [])]) register(program, context);
  quieten(program, world);
  return program;
}

// Every command throws instead of ending the process, and takes --json wherever it stands.
function quieten(command: Command, world: CommandLineWorld): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => world.writeOut(text.trimEnd()),
    // Faults are told once, by runCommandLine.
    writeErr: () => undefined,
  });
  if (command.parent) command.option('--json', 'print one line of JSON instead of text');
  for (const child of command.commands) quieten(child, world);
}

function usageError({ message }: CommanderError): ToldError {
  const told = message.replace(/^error: /, '').replaceAll('\n', ' ');
  return {
    code: 'COMMAND_UNKNOWN',
    message: told === '(outputHelp)' ? 'a command is missing' : told,
    action: 'Read `plimsoll help`, or `plimsoll help COMMAND`.',
    details: {},
    exitCode: exitCodes.usage,
  };
}
