import type { Command, Option } from 'commander';
import type { Breach, Source } from './sources.ts';

/** A command as a page shows it. */
interface ShownCommand {
  readonly line: number;
  /** From the program's name on. */
  readonly words: readonly string[];
  /** Whether it is shown to be typed as it stands; in running text arguments may be left out. */
  readonly whole: boolean;
}

/** What the shown commands are held against. */
export interface KnownCommands {
  /** The command line, as commander parses it. */
  readonly program: Command;
  /** Names of npm's scripts. */
  readonly scripts: readonly string[];
  /** Options of the program that a script such as `bench` runs under a name; undefined when there is none. */
  readonly optionsOf: (script: string, name: string) => readonly string[] | undefined;
}

/** Commands of plimsoll and npm on a page of Markdown that would not be understood. */
export function commandBreaches({ path, text }: Source, known: KnownCommands): readonly Breach[] {
  return shownCommands(text).flatMap(({ line, words, whole }) => {
    const message = words[0] === 'npm' ? npmFault(words, whole, known) : fault(known.program, words.slice(1), whole);
    return message === undefined
      ? []
      : [{ path, line, rule: 'shown command', message: `${words.join(' ')}: ${message}` }];
  });
}

function shownCommands(text: string): readonly ShownCommand[] {
  let fenced = false;
  return text.split('\n').flatMap((content, index) => {
    if (content.trimStart().startsWith('```')) {
      fenced = !fenced;
      return [];
    }
    const spans = fenced ? [content] : [...content.matchAll(/`([^`]+)`/g)].map(([, span]) => span ?? '');
    return spans.flatMap((span) => {
      const command = /^(?:npx )?((?:plimsoll|npm) .*)$/.exec(span.trim())?.[1];
      return command === undefined ? [] : [{ line: index + 1, words: wordsOf(command), whole: fenced }];
    });
  });
}

/** Words as a shell takes them: quotes hold together, a comment ends the line. */
function wordsOf(command: string): readonly string[] {
  const found = [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)];
  const comment = found.findIndex(([, , , plain]) => plain?.startsWith('#'));
  const said = comment < 0 ? found : found.slice(0, comment);
  return said.map(([, double, single, plain]) => double ?? single ?? plain ?? '');
}

function npmFault(words: readonly string[], whole: boolean, known: KnownCommands): string | undefined {
  const [script = '', ...rest] = words.slice(words[1] === 'run' ? 2 : 1).filter((word) => word !== '--');
  if (!known.scripts.includes(script)) return `there is no script ${script}`;
  if (script === 'start') return fault(known.program, ['start', ...rest], whole);
  if (script !== 'bench' && script !== 'chaos') return undefined;
  const [name = '', ...given] = rest;
  const options = known.optionsOf(script, name);
  if (!options) return `there is no ${script} ${name}`;
  const strange = given.find((word) => word.startsWith('--') && !options.includes(word.slice(2)));
  return strange === undefined ? undefined : `${script} ${name} has no ${strange}`;
}

/** Walks down the commands by their names, then holds options and arguments against the one that was reached. */
function fault(program: Command, words: readonly string[], whole: boolean): string | undefined {
  if (words[0] === 'help') return undefined;
  let command = program;
  let at = 0;
  for (; at < words.length; at += 1) {
    const next = command.commands.find((child) => child.name() === words[at]);
    if (!next) break;
    command = next;
  }
  const given = words.slice(at);
  const usual = defaultCommand(command);
  if (usual && given.length > 0) return faultOfArguments(usual, given, whole);
  if (command.commands.length > 0) {
    const [first] = given;
    return first === undefined && !whole ? undefined : `${command.name()} has no command ${first ?? 'of its own'}`;
  }
  return faultOfArguments(command, given, whole);
}

/** The command that is meant where none of a group is named; commander tells it in the group's help alone. */
function defaultCommand(group: Command): Command | undefined {
  const { _defaultCommandName: name } = group as Command & { readonly _defaultCommandName?: string | null };
  return group.commands.find((child) => child.name() === name);
}

function faultOfArguments(command: Command, given: readonly string[], whole: boolean): string | undefined {
  const used: Option[] = [];
  let values = 0;
  for (let at = 0; at < given.length; at += 1) {
    const word = given[at]!;
    if (!word.startsWith('-')) {
      values += 1;
      continue;
    }
    const option = command.options.find(({ long, short }) => word === long || word === short);
    if (!option) return `there is no option ${word}`;
    used.push(option);
    if (option.required) at += 1;
    if (at >= given.length) return `${word} needs a value`;
  }
  const { registeredArguments: expected } = command;
  if (values > expected.length && !expected.at(-1)?.variadic) return `it takes ${expected.length} arguments`;
  if (!whole) return undefined;
  const missing = expected.filter(({ required }) => required).length - values;
  if (missing > 0) return `${missing} arguments are missing`;
  const left = command.options.find((option) => option.mandatory && !used.includes(option));
  return left && `${left.long} is missing`;
}
