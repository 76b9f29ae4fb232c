// The entry of every command, in plain JavaScript without dependencies: it needs only Node and npm, installs the rest
// when it is not there, then hands over. Same steps whether this is the first start or the hundredth.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const parentPollMs = 1_000;
const nodeVersionMin = [20, 19];

/** What the npm scripts of these names run; every other word is a verb of the command line. */
const named = {
  chaos: ['ingest', 'lifecycle', 'training'],
  bench: [
    'backtest',
    'data',
    'indicators',
    'inference',
    'lifecycle',
    'montecarlo',
    'noise',
    'portfolio',
    'replay',
    'risk',
    'rl',
    'training',
    'walkforward',
  ],
};

/** The script behind an npm script, from the root; undefined for a verb of the command line. */
function programOf(verb, name) {
  if (verb === 'test') return 'infra/stack/runTests.ts';
  if (!Object.hasOwn(named, verb)) return undefined;
  if (named[verb].includes(name)) return `test/${verb}/${name}.ts`;
  return fail('PROGRAM_UNKNOWN', `npm run ${verb} -- NAME: NAME is one of ${named[verb].join(', ')}, not ${name}`);
}

/** Whether a Node version, e.g. `20.19.4`, is new enough. */
export function isNodeSupported(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > nodeVersionMin[0] || (major === nodeVersionMin[0] && minor >= nodeVersionMin[1]);
}

function fail(code, message) {
  console.error(`${code}: ${message}`);
  process.exit(1);
}

/** Identity of what is to be installed: the lock, and the Node that native packages were chosen for. */
function installIdentity() {
  const lock = readFileSync(path.join(root, 'package-lock.json'));
  return createHash('sha256').update(lock).update(process.version).digest('hex');
}

function installPackages() {
  const stamp = path.join(root, 'node_modules/.plimsoll-installed');
  const wanted = installIdentity();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const startedMs = Date.now();
  console.error('installing packages …');
  // Not npm ci: it refuses a lock without the packages of other platforms, which mirrors do not all carry. The lock is
  // followed all the same, and left as it is. Install scripts stay off: none is needed, and that of TensorFlow would look for a bucket out of reach.
  const npm = spawnSync(
    'npm',
    ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
    },
  );
  if (npm.error) fail('NPM_MISSING', `npm could not be run (${npm.error.message}): install npm beside Node`);
  if (npm.status !== 0)
    fail('PACKAGES_NOT_INSTALLED', 'npm install failed, see above; run the same command again to resume');
  // esbuild's binary comes as a package of its own; the stamp is written last, so an interrupted install is repeated.
  writeFileSync(stamp, wanted);
  console.error(`packages installed in ${Math.round((Date.now() - startedMs) / 1000)} s`);
}

function handOver(args) {
  const [verb, ...rest] = args;
  const program = programOf(verb, rest[0]);
  const script = program ?? path.join(root, 'console/cli.ts');
  const scriptArgs = program === undefined ? args : rest.slice(verb === 'test' ? 0 : 1);
  const tsx = pathToFileURL(createRequire(path.join(root, 'package.json')).resolve('tsx')).href;
  // The channel carries nothing: its end tells the program that we are gone, be it by kill -9.
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
  // Files that somebody names to a verb lie where that person stands; the programs' own lie in the checkout.
  const cwd = program ? root : process.cwd();
  const child = spawn(process.execPath, ['--import', tsx, script, ...scriptArgs], { cwd, stdio });
  // npm does not tell of its own end; whoever killed it wants what it started to stop.
  whenNpmIsGone(() => child.kill('SIGTERM'));
  // Nor can a program that started us with a channel, once it was killed: its end of the channel tells.
  if (process.send) process.once('disconnect', () => child.kill('SIGTERM'));
  // The terminal signals the whole group; only a signal sent to this process alone has to be passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => process.exit(signal ? 130 : (code ?? 1)));
}

/** Looks whether the npm that started us, perhaps through a shell, is still there. */
function whenNpmIsGone(act) {
  if (!/bootstrap\.mjs|plimsoll/.test(process.env.npm_lifecycle_script ?? '')) return;
  const isThroughShell =
    !/^(npm|node)/.test(nameOf(process.ppid)) && /^(npm|node)/.test(nameOf(parentOf(process.ppid)));
  const starter = () => (isThroughShell ? `${process.ppid} ${parentOf(process.ppid)}` : String(process.ppid));
  const first = starter();
  const timer = setInterval(() => {
    if (starter() === first) return;
    clearInterval(timer);
    act();
  }, parentPollMs);
  timer.unref();
}

/** Where there is no /proc, nothing is known of processes. */
function fileOfProcess(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

const nameOf = (pid) => fileOfProcess(pid, 'comm');
const parentOf = (pid) =>
  fileOfProcess(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ')[1] ?? '';

/** Installs what is missing, then runs the program. */
export function start(args) {
  if (!isNodeSupported(process.versions.node)) {
    fail('NODE_UNSUPPORTED', `Node ${nodeVersionMin.join('.')} or later is needed, this is ${process.versions.node}`);
  }
  installPackages();
  handOver(args);
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) start(process.argv.slice(2));
