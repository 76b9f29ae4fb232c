import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { copyFileSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { programIn } from './program.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const bootstrap = fileURLToPath(new URL('../../../../infra/stack/bootstrap.mjs', import.meta.url));
const stampOf = (checkout: string): string => path.join(checkout, 'node_modules/.plimsoll-installed');

/** A checkout with nothing but the bootstrap and a program for it to run; its npm is a script of ours. */
function checkoutWith(npm: string | undefined): {
  readonly checkout: string;
  readonly start: (verb: string) => string;
} {
  const checkout = temporaryFolder();
  for (const folder of ['infra/stack', 'console', 'bin', 'test/chaos']) {
    mkdirSync(path.join(checkout, folder), { recursive: true });
  }
  copyFileSync(bootstrap, path.join(checkout, 'infra/stack/bootstrap.mjs'));
  writeFileSync(path.join(checkout, 'package.json'), '{"type":"module"}');
  writeFileSync(path.join(checkout, 'package-lock.json'), '{}');
  const said = "console.log('ran', ...process.argv.slice(2)); process.exitCode = 7;";
  writeFileSync(path.join(checkout, 'console/cli.ts'), said);
  writeFileSync(path.join(checkout, 'test/chaos/lifecycle.ts'), `console.log('chaos'); ${said}`);
  const bin = path.join(checkout, 'bin');
  if (npm !== undefined) programIn(bin, 'npm', npm);
  return {
    checkout,
    start: (verb) => {
      const args = [path.join(checkout, 'infra/stack/bootstrap.mjs'), ...verb.split(' ')];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { env: { PATH: bin }, encoding: 'utf8' });
      return `${stdout}${stderr}exit ${status}`;
    },
  };
}

const tsx = path.dirname(createRequire(import.meta.url).resolve('tsx/package.json'));
const installs = `echo "npm $@"; /bin/mkdir -p node_modules; /bin/ln -sfn '${tsx}' node_modules/tsx`;

describe('the bootstrap', () => {
  it('installs what the lock names without running scripts, then runs the verb and ends with its exit code', () => {
    const { checkout, start } = checkoutWith(installs);
    const said = start('status --json');
    expect(said).toMatch(/npm install --no-save --ignore-scripts/);
    expect(said).toMatch(/ran status --json\n/);
    expect(said).toMatch(/exit 7$/);
    expect(existsSync(stampOf(checkout))).toBe(true);
  });

  it('reads the files that a verb names where its caller stands', () => {
    const { checkout, start } = checkoutWith(installs);
    writeFileSync(path.join(checkout, 'console/cli.ts'), 'console.log(`in ${process.cwd()}`);');
    expect(start('metrics')).toMatch(`in ${process.cwd()}\n`);
    writeFileSync(path.join(checkout, 'test/chaos/lifecycle.ts'), 'console.log(`in ${process.cwd()}`);');
    expect(start('chaos lifecycle')).toMatch(`in ${realpathSync(checkout)}\n`);
  });

  it('installs once, and again when the lock changes', () => {
    const { checkout, start } = checkoutWith(installs);
    expect(start('status')).toMatch(/npm install/);
    expect(start('status')).not.toMatch(/npm install/);
    writeFileSync(path.join(checkout, 'package-lock.json'), '{"changed":true}');
    expect(start('status')).toMatch(/npm install/);
  });

  it('runs a chaos program by its name with the other arguments', () => {
    expect(checkoutWith(installs).start('chaos lifecycle --rounds 3')).toMatch(/chaos\nran --rounds 3\n/);
  });

  it('leaves a word that means something to JavaScript alone to the command line', () => {
    expect(checkoutWith(installs).start('constructor')).toMatch(/ran constructor\n/);
  });

  it.each(['chaos', 'chaos lifecylce', 'bench inferenceWorker'])('ends with PROGRAM_UNKNOWN for %s', (line) => {
    expect(checkoutWith(installs).start(line)).toMatch(/PROGRAM_UNKNOWN: .* is one of .*\nexit 1$/);
  });

  it('ends with PACKAGES_NOT_INSTALLED when npm fails, and installs again next time', () => {
    const { checkout, start } = checkoutWith('exit 1');
    expect(start('status')).toMatch(/PACKAGES_NOT_INSTALLED: .*\nexit 1$/);
    expect(existsSync(stampOf(checkout))).toBe(false);
  });

  it('ends with NPM_MISSING when there is no npm', () => {
    expect(checkoutWith(undefined).start('status')).toMatch(/NPM_MISSING: .*\nexit 1$/);
  });

  it('asks for the Node that package.json asks for', () => {
    const engines = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')) as {
      readonly engines: { readonly node: string };
    };
    expect(engines.engines.node).toBe('>=20.19');
    expect(readFileSync(bootstrap, 'utf8')).toMatch(/nodeVersionMin = \[20, 19\]/);
  });
});
