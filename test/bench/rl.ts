import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { endWithParent } from '#infra/stack/endWithParent.ts';
import { lineText, median, rounded } from './figures.ts';
import { benchProgram, peerPython, startLines } from './lineProcess.ts';
import { stepsOfPass, type RlCase, type RlCheck } from './rlCases.ts';

// Reinforcement learning beside FinRL's environment and Stable-Baselines3, in turns:
// `npm run bench -- rl [--only env,sac] [--returns FILE] [--rounds 3] [--threads 1,2] [--solve] [--json]` after
// `test/bench/peers/setup.sh`. `--solve` trains on the pendulum and the cart with a pole instead, a seed a round.
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    returns: { type: 'string', default: '../shared/bench/inputs/rets500.bin' },
    rounds: { type: 'string', default: '3' },
    /** Thread counts that each side is measured at; the better one counts. */
    threads: { type: 'string', default: '1,2' },
    solve: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

interface Pass {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly check: RlCheck;
}
interface Side {
  readonly threads: number;
  readonly passes: Pass[];
  pass(seed: number): Promise<Pass>;
  stop(): void;
}

const python = peerPython('dl');
const returnsFile = path.resolve(values.returns);

/** Ours at a number of threads: as many operations of a graph side by side, one thread each. */
async function startOurs(kind: RlCase, threads: number): Promise<Side> {
  const env = { ...process.env, TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: String(threads) };
  const script = benchProgram('rlWorker.ts');
  const worker = fork(script, [kind, returnsFile], { env: { ...env, TF_CPP_MIN_LOG_LEVEL: '2' } });
  await answerOf(worker, once(worker, 'message'));
  return {
    threads,
    passes: [],
    async pass(seed) {
      const answer = once(worker, 'message') as Promise<[Pass]>;
      worker.send(seed);
      return (await answerOf(worker, answer))[0];
    },
    stop: () => worker.disconnect(),
  };
}

async function startPeer(kind: RlCase, threads: number): Promise<Side> {
  const peer = startLines([python, benchProgram('peers/rl.py'), kind, String(threads), returnsFile]);
  await peer.hear();
  return { threads, passes: [], pass: (seed) => peer.ask<Pass>({ seed }), stop: () => peer.stop() };
}

/** What a process answers; its end is an error, not a wait without end. */
function answerOf<Answer>(worker: ReturnType<typeof fork>, answer: Promise<Answer>): Promise<Answer> {
  const ended = once(worker, 'exit').then(([code]) => {
    throw new Error(`our process has ended with ${String(code)}`);
  });
  return Promise.race([answer, ended]);
}

async function measure(kind: RlCase): Promise<void> {
  const threads = kind === 'env' || values.solve ? [1] : values.threads.split(',').map(Number);
  const sides: Record<'ours' | 'peer', Side[]> = { ours: [], peer: [] };
  try {
    for (const count of threads) {
      sides.ours.push(await startOurs(kind, count));
      sides.peer.push(await startPeer(kind, count));
    }
    const all = [...sides.ours, ...sides.peer];
    // Untimed: compiled code and memory are warm on both sides afterwards.
    if (!values.solve) for (const side of all) await side.pass(0);
    for (let round = 0; round < Number(values.rounds); round += 1) {
      // The order turns with every round, so that whatever drifts meets both.
      for (const side of round % 2 === 0 ? all : all.toReversed()) side.passes.push(await side.pass(round));
    }
    report(kind, sides);
  } finally {
    for (const side of [...sides.ours, ...sides.peer]) side.stop();
  }
}

function report(kind: RlCase, sides: Readonly<Record<'ours' | 'peer', readonly Side[]>>): void {
  const [ours, peer] = [fastest(sides.ours), fastest(sides.peer)];
  if (kind === 'env') requireSame(ours.passes[0]!.check, peer.passes[0]!.check);
  const steps = stepsOfPass[kind];
  const seconds = (side: Side): readonly number[] => side.passes.map((pass) => rounded(pass.seconds));
  const processor = (side: Side): number => median(side.passes.map((pass) => pass.processorSeconds));
  const returns = (side: Side): readonly number[] => side.passes.map(({ check }) => rounded(check.meanReturn ?? 0));
  const line = {
    name: `rl/${kind}`,
    ours: rounded(steps / medianSeconds(ours)),
    peer: rounded(steps / medianSeconds(peer)),
    ratio: rounded(medianSeconds(peer) / medianSeconds(ours)),
    unit: 'steps/s',
    processorRatio: rounded(processor(peer) / processor(ours)),
    steps,
    oursThreads: ours.threads,
    peerThreads: peer.threads,
    oursSeconds: seconds(ours),
    peerSeconds: seconds(peer),
    ...(values.solve && { oursReturns: returns(ours), peerReturns: returns(peer) }),
  };
  console.log(lineText(line, values.json ? 'json' : 'text'));
}

/** Both environments must have done the same, or their times say nothing. */
function requireSame(ours: RlCheck, peer: RlCheck): void {
  for (const [name, value] of Object.entries(peer)) {
    if (ours[name] !== value) throw new Error(`${name} of ours ${ours[name]}, of the peer ${value}`);
  }
}

function fastest(sides: readonly Side[]): Side {
  return sides.reduce((best, side) => (medianSeconds(side) < medianSeconds(best) ? side : best));
}

function medianSeconds({ passes }: Side): number {
  return median(passes.map(({ seconds }) => seconds));
}

endWithParent();
for (const needed of [returnsFile, python]) {
  if (!existsSync(needed)) throw new Error(`there is no ${needed}: give --returns, or run test/bench/peers/setup.sh`);
}
const kinds: readonly RlCase[] = values.solve ? ['pendulum', 'cartpole'] : ['env', 'sac', 'ppo'];
for (const kind of kinds) {
  if (values.only === undefined || values.only.split(',').includes(kind)) await measure(kind);
}
