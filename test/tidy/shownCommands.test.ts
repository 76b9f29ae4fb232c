import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '#console/program.ts';
import { commandBreaches, type KnownCommands } from './shownCommands.ts';
import { projectFiles } from './sources.ts';

const files = projectFiles();
const pages = files.filter(({ path }) => path === 'README.md' || /^docs\/.*\.md$/.test(path));
/** Programs that npm scripts start by their name. */
const programs = files.filter(({ path, text }) => /^test\/(bench|chaos)\//.test(path) && text.includes('parseArgs('));

/** The program as the command line makes it, got hold of while it is made. */
async function commandLine(): Promise<Command> {
  let made: Command | undefined;
  const never = (): never => {
    throw new Error('nothing is to be done');
  };
  await runCommandLine(['help'], {
    environment: {},
    checkout: '.',
    settings: never,
    openDesk: never,
    askSecret: never,
    readInput: never,
    untilStopped: never,
    writeOut: () => undefined,
    writeError: () => undefined,
    more: [(program) => (made = program)],
  });
  return made!;
}

describe('commands that README.md and docs show', () => {
  let known: KnownCommands;
  const shown = (text: string): readonly string[] =>
    commandBreaches({ path: 'a.md', text }, known).map(({ message }) => message);

  beforeAll(async () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly scripts: object };
    known = {
      program: await commandLine(),
      scripts: [...Object.keys(scripts), 'install'],
      optionsOf: (script, name) => {
        const program = programs.find(({ path }) => path === `test/${script}/${name}.ts`);
        return program && [...program.text.matchAll(/^ {4}(\w+): \{ type: '/gm)].map(([, option]) => option!);
      },
    };
  });

  it('exist, with their options', () => {
    const breaches = pages.flatMap((page) => commandBreaches(page, known));
    expect(breaches.map(({ path, line, message }) => `${path}:${line} ${message}`)).toEqual([]);
  });

  it.each([
    ['an unknown command', '`plimsoll review accept`'],
    ['an unknown option', '`plimsoll start --fast`'],
    ['an option of another command', '`npx plimsoll status --unattended`'],
    ['one argument too many', '`plimsoll status now`'],
    ['a command to type that lacks its argument', '```sh\nnpx plimsoll review show   # a comment\n```'],
    ['a command to type that lacks an option it needs', '```sh\nnpx plimsoll halt paper-main\n```'],
    ['a command to type that is none yet', '```sh\nplimsoll review\n```'],
    ['an unknown script', '`npm run polish`'],
    ['an unknown option of a start', '`npm start -- --fast`'],
    ['an unknown program', '`npm run bench -- everything`'],
    ['an unknown option of a program', '`npm run chaos -- lifecycle --laps 3`'],
  ])('and %s is noticed', (_, text) => expect(shown(text)).toHaveLength(1));

  it.each([
    '`plimsoll review approve`',
    '`plimsoll incidents`',
    '```sh\nnpx plimsoll halt paper-main --reason "bad news # now"   # why\n```',
    '`npm start -- --unattended --json`',
    '`npm run chaos -- lifecycle --rounds 3`',
    'The word plimsoll is no command.',
  ])('and %s is understood', (text) => expect(shown(text)).toEqual([]));
});

describe('programs behind npm scripts', () => {
  it('end with whoever started them', () => {
    expect(programs.length).toBeGreaterThan(0);
    expect(programs.filter(({ text }) => !text.includes('\nendWithParent();')).map(({ path }) => path)).toEqual([]);
  });
});
