import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { seededRandom, type Random } from '#models/random.ts';
import { readFacts, type LifecycleFacts } from './lifecycleFacts.ts';
import { leftBehind, runStart, victims, type StartEnd, type Victim } from './startRun.ts';

// Kills one program of a start with SIGKILL at a random time, starts again until the run completes, and looks at what
// then stands in the servers:
// `npm run chaos -- lifecycle [--rounds 30] [--windows 6] [--seed N] [--victim NAME] [--json]`.
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '30' },
    windows: { type: 'string', default: '6' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    victim: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

/** How long a run takes until the first of its kind has shown it: guessed short, so that the kill seldom comes too late. */
const firstGuessSeconds = { fresh: 60, kept: 25 };
const startsMax = 3;
const stopGraceMs = 20_000;
const lookMs = 100;

interface Round {
  readonly round: number;
  readonly freshHome: boolean;
  readonly victim: Victim;
  /** Seconds after the start at which it was killed; null when the run was over before. */
  readonly killedAtSeconds: number | null;
  readonly starts: number;
  readonly session: string | null;
  readonly orders: number | null;
  readonly seconds: number;
  readonly violations: readonly string[];
}

async function playRounds(): Promise<number> {
  const [rounds, windows, seed] = [Number(values.rounds), Number(values.windows), Number(values.seed)];
  const random = seededRandom(seed, 0);
  const startedMs = Date.now();
  const played: Round[] = [];
  const expected = { ...firstGuessSeconds };
  let home: string | undefined;
  for (let round = 1; round <= rounds; round += 1) {
    // Every other home is kept for one more session, unless something was wrong with it.
    const fresh = home === undefined || played.at(-1)?.violations.length !== 0 || random() < 0.5;
    if (fresh) home = await freshHome(home, played.at(-1));
    const kind = fresh ? 'fresh' : 'kept';
    const given = { round, home: home!, windows, fresh, withinSeconds: expected[kind] };
    const outcome = await playRound(given, random);
    if (outcome.violations.length === 0) expected[kind] = outcome.seconds / outcome.starts;
    played.push(outcome);
    print(outcome);
  }
  if (played.at(-1)?.violations.length === 0) await rm(home!, { recursive: true, force: true });
  const wrong = played.filter(({ violations }) => violations.length > 0).length;
  const missed = played.filter(({ killedAtSeconds }) => killedAtSeconds === null).length;
  const seconds = Math.round((Date.now() - startedMs) / 1_000);
  print({ rounds: played.length, seed, windows, kills: played.length - missed, missed, wrong, seconds });
  return wrong === 0 ? 0 : 1;
}

/** A new home; the one before is removed unless it shows what went wrong. */
async function freshHome(last: string | undefined, round: Round | undefined): Promise<string> {
  if (last !== undefined && round?.violations.length === 0) await rm(last, { recursive: true, force: true });
  return mkdtemp(path.join(tmpdir(), 'plimsoll-chaos-'));
}

async function playRound(
  given: {
    readonly round: number;
    readonly home: string;
    readonly windows: number;
    readonly fresh: boolean;
    readonly withinSeconds: number;
  },
  random: Random,
): Promise<Round> {
  const { round, home, windows } = given;
  const victim = chooseVictim(random);
  const afterMs = random() * given.withinSeconds * 1_000;
  const startedMs = Date.now();
  const violations: string[] = [];
  const first = runStart(home, windows);
  const killedAtSeconds = await killOnce(first, { victim, afterMs });
  let end = await first.ended;
  let starts = 1;
  while (end.exitCode !== 0 && starts < startsMax) {
    // Only the killed start may fail; the one after it has nothing to excuse it.
    if (starts > 1 || killedAtSeconds === null) violations.push(failureText(end, starts));
    end = await runStart(home, windows).ended;
    starts += 1;
  }
  violations.push(...reportViolations(end, starts));
  const left = await leftBehind(home, stopGraceMs);
  violations.push(...left.map((process) => `left behind: ${process}`));
  const seconds = Math.round((Date.now() - startedMs) / 1_000);
  const facts = await factsOf(home);
  violations.push(...(typeof facts === 'string' ? [facts] : facts.violations));
  return {
    round,
    freshHome: given.fresh,
    victim,
    killedAtSeconds,
    starts,
    session: end.report?.session?.date ?? null,
    orders: typeof facts === 'string' ? null : facts.orders,
    seconds,
    violations: violations.length > 0 ? [...violations, `its home is kept: ${home}`] : [],
  };
}

/** Kinds alike in chance: five workers are not five times as likely as a server. */
function chooseVictim(random: Random): Victim {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  const asked = victims.find((name) => name === values.victim);
  if (asked) return asked;
  const workers = victims.filter((name) => name.startsWith('worker-'));
  const others = victims.filter((name) => !name.startsWith('worker-'));
  return pick([...others, pick(workers)]);
}

/** Kills the victim at its time, or as soon after as it runs. @returns when, in seconds; null when the run ended before */
async function killOnce(
  run: ReturnType<typeof runStart>,
  { victim, afterMs }: { readonly victim: Victim; readonly afterMs: number },
): Promise<number | null> {
  const startedMs = Date.now();
  const ended = run.ended.then(() => 'ended' as const);
  let next = await Promise.race([sleep(afterMs), ended]);
  while (next !== 'ended') {
    if (run.kill(victim)) return Math.round((Date.now() - startedMs) / 100) / 10;
    next = await Promise.race([sleep(lookMs), ended]);
  }
  return null;
}

function failureText({ exitCode, signal, lastWords }: StartEnd, starts: number): string {
  return `start ${starts} ended with ${signal ?? exitCode}: ${lastWords.split('\n').slice(-4).join(' | ')}`;
}

function reportViolations(end: StartEnd, starts: number): readonly string[] {
  const { report } = end;
  if (!report) return [failureText(end, starts)];
  return [
    ...(report.session?.reconciled === true ? [] : ['no session was closed and reconciled']),
    ...(report.breaker.state === 'halted' ? [] : [`the breaker's account ended ${report.breaker.state}`]),
    ...(report.promotion.decision === 'approved' ? [] : [`the promotion ended ${report.promotion.decision}`]),
    ...(report.walkForward.windows === Number(values.windows) ? [] : [`${report.walkForward.windows} windows judged`]),
  ];
}

async function factsOf(home: string): Promise<LifecycleFacts | string> {
  try {
    return await readFacts(home);
  } catch (error) {
    return `the servers could not be read: ${(error as Error).message}`;
  }
}

function print(line: object): void {
  console.log(values.json ? JSON.stringify(line) : Object.entries(line).map(valueText).join('  '));
}

function valueText([name, value]: readonly [string, unknown]): string {
  return `${name} ${Array.isArray(value) ? value.join('; ') || 'none' : String(value)}`;
}

process.exitCode = await playRounds();
