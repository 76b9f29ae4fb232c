import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { InvalidArgumentError, type Command } from 'commander';
import type { DailyBars } from '#domain/bars.ts';
import { Failure } from '#domain/failure.ts';
import type { Strategy } from '#pipelines/backtest/strategy.ts';
import { parametersOf, type StrategyDefinition } from '#pipelines/strategies/definition.ts';
import { strategies } from '#pipelines/strategies/registry.ts';

/** What the command line says of a strategy. */
export interface StrategyOptions {
  readonly strategy: string;
  readonly parameter: Readonly<Record<string, number>>;
  /** Options named like parameters of the strategies that are known by name. */
  readonly [option: string]: unknown;
}

/** A strategy with its parameters. */
export interface ChosenStrategy {
  readonly definition: StrategyDefinition;
  readonly parameters: Readonly<Record<string, number>>;
  /** A strategy at its beginning. */
  readonly create: (bars: readonly DailyBars[]) => Strategy;
}

const known = strategies.map(({ name }) => name).join(', ');

/** Adds the options that choose a strategy: `--strategy`, each known parameter by its name, `--parameter` for others. */
export function addStrategyOptions(command: Command): Command {
  command.requiredOption(
    '--strategy <name>',
    `${known}; or the path of a module of your own that exports \`strategy\``,
  );
  const byName = new Map<string, string[]>();
  for (const { name: strategy, parameters } of strategies) {
    for (const { name, meaning, default: standard } of parameters) {
      const told = byName.get(name) ?? [];
      byName.set(name, told);
      const shown = Number.isInteger(standard) ? String(standard) : standard.toFixed(2);
      told.push(`${strategy}: ${meaning} (${shown})`);
    }
  }
  for (const [name, told] of byName) command.option(`--${name} <number>`, told.join('; '), figure);
  return command.option('--parameter <name=number>', 'a parameter of a strategy of your own; repeatable', named, {});
}

/**
 * The strategy that options choose.
 * @throws Failure STRATEGY_UNKNOWN, STRATEGY_INVALID
 */
export async function chosenStrategy(options: StrategyOptions): Promise<ChosenStrategy> {
  const definition = strategies.find(({ name }) => name === options.strategy) ?? (await ownStrategy(options.strategy));
  const names = new Set(strategies.flatMap(({ parameters }) => parameters.map(({ name }) => name)));
  const given = [...names].flatMap((name) =>
    typeof options[name] === 'number' ? [[name, options[name]] as const] : [],
  );
  const invalid = (error: unknown): Failure =>
    new Failure('STRATEGY_INVALID', `${definition.name}: ${(error as Error).message}`, { strategy: definition.name });
  try {
    const parameters = parametersOf(definition, { ...Object.fromEntries(given), ...options.parameter });
    return {
      definition,
      parameters,
      create(bars) {
        try {
          return definition.create({ bars, parameters });
        } catch (error) {
          throw invalid(error);
        }
      },
    };
  } catch (error) {
    throw invalid(error);
  }
}

async function ownStrategy(given: string): Promise<StrategyDefinition> {
  const file = path.resolve(given);
  const unknown = (problem: string, cause?: unknown): Failure =>
    new Failure('STRATEGY_UNKNOWN', `${given}: ${problem}; known by name: ${known}`, { strategy: given }, { cause });
  if (!/\.[cm]?[jt]s$/.test(given)) throw unknown('no strategy has that name');
  let module: Readonly<Record<string, unknown>>;
  try {
    module = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw unknown(`the module cannot be loaded: ${(error as Error).message}`, error);
  }
  if (!isDefinition(module.strategy)) {
    throw new Failure('STRATEGY_INVALID', `${given} exports no \`strategy\` with name, parameters and create`, {
      strategy: given,
    });
  }
  return module.strategy;
}

function isDefinition(value: unknown): value is StrategyDefinition {
  if (typeof value !== 'object' || value === null) return false;
  const { name, parameters, create } = value as Partial<Record<keyof StrategyDefinition, unknown>>;
  return typeof name === 'string' && Array.isArray(parameters) && typeof create === 'function';
}

function figure(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError('write a number.');
  return value;
}

function named(text: string, before: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const [, name, value] = /^([A-Za-z]\w*)=(.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('write NAME=NUMBER.');
  return { ...before, [name]: figure(value) };
}
