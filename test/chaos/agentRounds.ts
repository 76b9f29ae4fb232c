import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { sha256 } from '#domain/sha256.ts';
import { guarded } from '#infra/stack/processGroup.ts';
import { seededRandom } from '#domain/random.ts';

/** Kills of an agent's trainings to play. */
export interface AgentRounds {
  /** Where trainings keep their checkpoints; made when it is not there. */
  readonly folder: string;
  readonly rounds: number;
  readonly seed: number;
  /** Told of each training. */
  readonly onRound: (round: AgentRound) => void;
}

/** One training that was killed, and went on. */
export interface AgentRound {
  readonly round: number;
  readonly model: 'sac';
  /** Steps that were done at each kill. */
  readonly killedAt: readonly number[];
  /** Steps from which it went on, one a kill. */
  readonly resumedFrom: readonly number[];
  /** Whether it ended in the state of the undisturbed one. */
  readonly same: boolean;
}

/** What the kills showed. */
export interface AgentChaos {
  readonly kills: number;
  /** Kills for which the training was too quick. */
  readonly missed: number;
  /** What must never be, in words; empty when all is right. */
  readonly violations: readonly string[];
}

const killsMax = 2;
const agentSteps = 300;
const program = new URL('agentTrainer.ts', import.meta.url).pathname;

/** Trains SAC again and again, each time killed once or twice, and compares what it ends in, optimiser and all. */
export async function playAgentRounds({ folder, rounds, seed, onRound }: AgentRounds): Promise<AgentChaos> {
  const random = seededRandom(seed, 2);
  const violations: string[] = [];
  let [kills, missed] = [0, 0];
  const whole = path.join(folder, 'undisturbed');
  await train({ folder: whole, seed });
  const undisturbed = trainedIn(whole);
  for (let round = 1; round <= rounds; round += 1) {
    const place = path.join(folder, `round-${round}`);
    const planned = 1 + Math.floor(random() * killsMax);
    const killedAt: number[] = [];
    const resumedFrom: number[] = [];
    const moments = Array.from({ length: planned }, () => Math.floor(random() * agentSteps)).toSorted((x, y) => x - y);
    for (const moment of moments) {
      if (trainedIn(place) !== undefined) break;
      const { first, last } = await train({ folder: place, seed, killAtStep: moment });
      resumedFrom.push(first);
      if (trainedIn(place) === undefined) killedAt.push(last);
      else missed += 1;
    }
    if (trainedIn(place) === undefined) resumedFrom.push((await train({ folder: place, seed })).first);
    kills += killedAt.length;
    const trained = trainedIn(place);
    const same = trained === undisturbed;
    onRound({ round, model: 'sac', killedAt, resumedFrom: resumedFrom.slice(1), same });
    if (!same) violations.push(`agent ${round} ended in ${trained}, undisturbed in ${undisturbed}`);
  }
  if (kills < rounds) violations.push(`only ${kills} kills met a training of an agent`);
  return { kills, missed, violations };
}

/** Steps of a process: the one it began or went on with, and the last it told. */
interface Told {
  readonly first: number;
  readonly last: number;
}

/** Runs the process to its end, or kills it as soon as it tells a step. @throws Error when it fails by itself */
async function train(request: {
  readonly folder: string;
  readonly seed: number;
  readonly killAtStep?: number;
}): Promise<Told> {
  const { folder, seed, killAtStep } = request;
  mkdirSync(folder, { recursive: true });
  const { command, args } = guarded({
    command: process.execPath,
    args: ['--import', import.meta.resolve('tsx'), program, folder, String(seed), String(agentSteps)],
    stopSignal: 'SIGKILL',
  });
  const threads = { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1', TF_CPP_MIN_LOG_LEVEL: '2' };
  const child = spawn(command, args, { env: { ...process.env, ...threads }, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', reject);
  });
  const told: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    told.push(Number(line));
    if (killAtStep !== undefined && Number(line) >= killAtStep) child.kill('SIGKILL');
  }
  const code = await ended;
  if (code !== 0 && killAtStep === undefined) throw new Error(`the training of an agent ended with ${code}`);
  return { first: told[0] ?? 0, last: told.at(-1) ?? 0 };
}

/** Digest of what a training ended in; undefined while it has not. */
function trainedIn(folder: string): string | undefined {
  const file = path.join(folder, 'trained');
  return existsSync(file) ? sha256(readFileSync(file)) : undefined;
}
