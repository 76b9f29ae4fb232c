import { setTimeout as sleep } from 'node:timers/promises';
import { leftBehind } from './leftBehind.ts';
import { readFacts, type LifecycleFacts } from './lifecycleFacts.ts';
import { isBefore, phaseMs, type Phase } from './phases.ts';
import type { Blow, Strike } from './roundPlan.ts';
import { runStart, type StartEnd, type StartRun } from './startRun.ts';

/** A round to play. */
export interface RoundRequest {
  readonly home: string;
  readonly windows: number;
  readonly strikes: readonly Strike[];
}

/** A strike as it fell. */
export interface Struck {
  readonly blow: Blow;
  /** Where the start stood by what it had told. */
  readonly phase: Phase;
  /** Since the beginning of that start. */
  readonly afterSeconds: number;
}

/** What a round showed. */
export interface RoundOutcome {
  readonly struck: readonly Struck[];
  /** Strikes whose moment never came. */
  readonly missed: number;
  readonly starts: number;
  /** Session traded by the start that completed. */
  readonly session: string | null;
  readonly facts: LifecycleFacts | null;
  readonly seconds: number;
  /** What must never be, in words; empty when all is right. */
  readonly violations: readonly string[];
}

const lookMs = 20;
const stopGraceMs = 30_000;
const interruptGraceMs = 1_000;
const interruptTimeoutMs = 60_000;
const secondInterruptMs = 300;

/** Starts, strikes, starts again until a start completes, then looks at all that stands in the servers. */
export async function playRound({ home, windows, strikes }: RoundRequest): Promise<RoundOutcome> {
  const startedMs = Date.now();
  const struck: Struck[] = [];
  const violations: string[] = [];
  let waiting = strikes;
  let end: StartEnd;
  let starts = 0;
  do {
    const played = await playStart({ home, windows, strikes: waiting });
    ({ end } = played);
    starts += 1;
    struck.push(...played.struck);
    violations.push(...played.violations);
    waiting = waiting.slice(played.struck.length);
    // Only a start that was struck may fail; the one after it has nothing to excuse it.
    if (end.exitCode !== 0 && played.struck.length === 0) {
      violations.push(failureText(end, starts));
      break;
    }
  } while (end.exitCode !== 0);
  violations.push(...reportViolations(end, windows));
  violations.push(...(await leftBehind(home, stopGraceMs)).map((process) => `left behind: ${process}`));
  const seconds = Math.round((Date.now() - startedMs) / 1_000);
  const facts = await factsOf(home);
  violations.push(...(typeof facts === 'string' ? [facts] : facts.violations));
  return {
    struck,
    missed: waiting.length,
    starts,
    session: end.report?.session?.date ?? null,
    facts: typeof facts === 'string' ? null : facts,
    seconds,
    violations,
  };
}

/** One start, with the strikes that fall before it ends. */
async function playStart({ home, windows, strikes }: RoundRequest): Promise<{
  readonly end: StartEnd;
  readonly struck: readonly Struck[];
  readonly violations: readonly string[];
}> {
  const run = runStart(home, windows);
  const startedMs = Date.now();
  const struck: Struck[] = [];
  for (const strike of strikes) {
    const phase = await strikeOnce(run, strike);
    if (phase === undefined) break;
    struck.push({ blow: strike.blow, phase, afterSeconds: Math.round((Date.now() - startedMs) / 100) / 10 });
    if (endsTheStart(strike.blow)) break;
  }
  const last = struck.at(-1)?.blow;
  if (last?.kind === 'interrupt') return { struck, ...(await afterInterrupt(run, home)) };
  const end = await run.ended;
  // The program behind a killed bootstrap stops by itself: until then the home is its own.
  const left = last && endsTheStart(last) && killsBootstrap(last) ? await leftBehind(home, stopGraceMs) : [];
  return { end, struck, violations: left.map((process) => `left behind by a killed bootstrap: ${process}`) };
}

/** Strikes at its moment, or as soon after as its victims run. @returns the phase it fell in; undefined when the start ended before */
async function strikeOnce(run: StartRun, { phase, fraction, blow }: Strike): Promise<Phase | undefined> {
  const over = { ended: false };
  const end = (): void => {
    over.ended = true;
  };
  run.ended.then(end, end);
  let metMs: number | undefined;
  while (!over.ended) {
    const now = run.phase();
    if (!isBefore(now, phase)) metMs ??= Date.now();
    const isTime = metMs !== undefined && (isBefore(phase, now) || Date.now() - metMs >= fraction * phaseMs[phase]);
    if (isTime && (await deal(run, blow))) return now;
    await sleep(lookMs);
  }
  return undefined;
}

/** @returns whether the blow fell */
async function deal(run: StartRun, blow: Blow): Promise<boolean> {
  if (blow.kind === 'kill') return run.kill(blow.victims);
  if (blow.kind === 'killEverything') {
    run.killEverything();
    return true;
  }
  run.interrupt();
  if (blow.times === 2) {
    await sleep(secondInterruptMs);
    run.interrupt();
  }
  return true;
}

/** What Ctrl-C promises: the start ends soon, says so by its exit code, and leaves no process. */
async function afterInterrupt(
  run: StartRun,
  home: string,
): Promise<{ readonly end: StartEnd; readonly violations: readonly string[] }> {
  const sentMs = Date.now();
  const end = await run.ended;
  const seconds = Math.round((Date.now() - sentMs) / 1_000);
  const left = await leftBehind(home, interruptGraceMs);
  // Before it listens, the signal ends it; after its answer, there is nothing left to interrupt.
  const isExpected = end.exitCode === 130 || end.exitCode === 0 || end.signal === 'SIGINT';
  const violations = [
    ...(isExpected ? [] : [`an interrupted ${failureText(end, 1)}`]),
    ...(Date.now() - sentMs <= interruptTimeoutMs ? [] : [`an interrupted start took ${seconds} s to end`]),
    ...left.map((process) => `left behind by Ctrl-C: ${process}`),
  ];
  return { end, violations };
}

function endsTheStart(blow: Blow): boolean {
  return blow.kind !== 'kill' || blow.victims.some((victim) => victim === 'start' || victim === 'bootstrap');
}

function killsBootstrap(blow: Blow): boolean {
  return blow.kind === 'kill' && blow.victims.includes('bootstrap');
}

function failureText({ exitCode, signal, lastWords }: StartEnd, starts: number): string {
  return `start ${starts} ended with ${signal ?? exitCode}: ${lastWords.split('\n').slice(-4).join(' | ')}`;
}

function reportViolations({ report }: StartEnd, windows: number): readonly string[] {
  if (!report) return ['no start completed'];
  return [
    ...(report.session?.reconciled === true ? [] : ['no session was closed and reconciled']),
    ...(report.guard.state === 'active' ? [] : [`the guard ended ${report.guard.state}`]),
    ...(report.breaker.state === 'halted' ? [] : [`the breaker's account ended ${report.breaker.state}`]),
    ...(report.promotion.decision === 'approved' ? [] : [`the promotion ended ${report.promotion.decision}`]),
    ...(report.walkForward.windows === windows ? [] : [`${report.walkForward.windows} windows judged`]),
    ...(report.audit.verified ? [] : ['the start found its audit chain broken']),
  ];
}

async function factsOf(home: string): Promise<LifecycleFacts | string> {
  try {
    return await readFacts(home);
  } catch (error) {
    return `the servers could not be read: ${(error as Error).message}`;
  }
}
