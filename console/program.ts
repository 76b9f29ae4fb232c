import { Command, CommanderError } from 'commander';
import { exitCodes, type Answer, type ExitCode } from './answer.ts';
import { registerAudit } from './commands/audit.ts';
import { registerBacktest } from './commands/backtest.ts';
import { registerCalendar } from './commands/calendar.ts';
import { registerConfig } from './commands/config.ts';
import { registerConsole } from './commands/console.ts';
import { registerCosts } from './commands/costs.ts';
import { registerData } from './commands/data.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerDown } from './commands/down.ts';
import { registerExecution } from './commands/execution.ts';
import { registerFeatures } from './commands/features.ts';
import { registerGuard } from './commands/guard.ts';
import { registerHalt } from './commands/halt.ts';
import { registerIncidents } from './commands/incidents.ts';
import { registerLineage } from './commands/lineage.ts';
import { registerLogs } from './commands/logs.ts';
import { registerMetrics } from './commands/metrics.ts';
import { registerModels } from './commands/models.ts';
import { registerOverfit } from './commands/overfit.ts';
import { registerPeople } from './commands/people.ts';
import { registerPortfolio } from './commands/portfolio.ts';
import { registerReset } from './commands/reset.ts';
import { registerReview } from './commands/review.ts';
import { registerRisk } from './commands/risk.ts';
import { registerSchedules } from './commands/schedules.ts';
import { registerSearch } from './commands/search.ts';
import { registerStart } from './commands/start.ts';
import { registerSessions } from './commands/sessions.ts';
import { registerStatus } from './commands/status.ts';
import { registerTearsheet } from './commands/tearsheet.ts';
import { registerTrain } from './commands/train.ts';
import { registerUp } from './commands/up.ts';
import { registerValidate } from './commands/validate.ts';
import type { CommandContext, CommandRegistration } from './context.ts';
import { errorLine, tellError, type ToldError } from './errorText.ts';

/** The world of the command line: what commands may use, and where words go. */
export interface CommandLineWorld extends Omit<CommandContext, 'answer' | 'exitWith' | 'note'> {
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** Commands beside those of this folder. */
  readonly more?: readonly CommandRegistration[];
}

const registrations: readonly CommandRegistration[] = [
  registerStart,
  registerUp,
  registerDown,
  registerStatus,
  registerDoctor,
  registerLogs,
  registerReset,
  registerConfig,
  registerCalendar,
  registerData,
  registerFeatures,
  registerMetrics,
  registerBacktest,
  registerCosts,
  registerOverfit,
  registerExecution,
  registerTearsheet,
  registerPortfolio,
  registerRisk,
  registerTrain,
  registerSearch,
  registerValidate,
  registerModels,
  registerReview,
  registerHalt,
  registerGuard,
  registerPeople,
  registerIncidents,
  registerSchedules,
  registerSessions,
  registerAudit,
  registerLineage,
  registerConsole,
];

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
  const program = createProgram(context, world);
  try {
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

function createProgram(context: CommandContext, world: CommandLineWorld): Command {
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
