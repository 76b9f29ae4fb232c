import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { seededDraws } from '#domain/random.ts';
import { endWithParent } from '#infra/stack/endWithParent.ts';
import { monteCarlo } from '#pipelines/monteCarlo.ts';
import { lineText, median, rounded } from './figures.ts';
import { benchProgram, peerPython, startLines, type LineProcess } from './lineProcess.ts';

// 1,000 paths of 2,520 daily returns, each with its Sharpe ratio and maximum drawdown, beside numpy on the same returns, in
// turns: `npm run bench -- montecarlo [--returns FILE] [--rounds 9] [--json]` after `test/bench/peers/setup.sh`.
// Ours also walks the fan of percentiles that a tear sheet draws.
const { values } = parseArgs({
  options: {
    returns: { type: 'string', default: '../shared/bench/inputs/metrics_returns.bin' },
    rounds: { type: 'string', default: '9' },
    json: { type: 'boolean', default: false },
  },
});

interface Pass {
  readonly seconds: number;
  readonly processorSeconds: number;
  /** 5th, 50th and 95th percentile over the paths. */
  readonly sharpe: readonly number[];
  readonly drawdown: readonly number[];
}

/** Single days, or blocks of ten on average. */
type Kind = 'days' | 'blocks';

const [days, paths] = [2_520, 1_000];
const meanBlockSessions = { days: 1, blocks: 10 } as const;
/** Both draw at random: five standard errors of the difference between percentiles over 1,000 paths each. */
const agreement = { sharpe: 0.15, drawdown: 0.06 } as const;

function ourPass(returns: Float64Array, kind: Kind): Pass {
  const beganMs = performance.now();
  const used = process.cpuUsage();
  const plan = { method: 'bootstrap', paths, meanBlockSessions: meanBlockSessions[kind], ruinDrawdown: 0.3 } as const;
  const { sharpe, maximumDrawdown } = monteCarlo(returns, plan, seededDraws(7, 0));
  const { user, system } = process.cpuUsage(used);
  const of = ({ p05, p50, p95 }: typeof sharpe): readonly number[] => [p05!, p50!, p95!];
  return {
    seconds: (performance.now() - beganMs) / 1_000,
    processorSeconds: (user + system) / 1e6,
    sharpe: of(sharpe),
    // The peer takes percentiles of a negative drawdown: its fifth is our ninety-fifth.
    drawdown: of(maximumDrawdown).toReversed(),
  };
}

async function inTurns(returns: Float64Array, peer: LineProcess, kind: Kind): Promise<Record<'ours' | 'peer', Pass[]>> {
  // Untimed: compiled code and memory are warm on both sides afterwards.
  for (let warmUp = 0; warmUp < 3; warmUp += 1) ourPass(returns, kind);
  await peer.ask<Pass>({ kind });
  const passes = { ours: [] as Pass[], peer: [] as Pass[] };
  for (let round = 0; round < rounds; round += 1) {
    // The order turns with every round, so that whatever drifts meets both.
    if (round % 2 === 0) passes.ours.push(ourPass(returns, kind));
    passes.peer.push(await peer.ask<Pass>({ kind }));
    if (round % 2 === 1) passes.ours.push(ourPass(returns, kind));
  }
  return passes;
}

function report(kind: Kind, { ours, peer }: Readonly<Record<'ours' | 'peer', readonly Pass[]>>): void {
  for (const figure of ['sharpe', 'drawdown'] as const) {
    const apart = ours[0]![figure].map((value, level) => Math.abs(value - peer[0]![figure][level]!));
    if (!(Math.max(...apart) <= agreement[figure])) {
      throw new Error(`${kind}: ${figure} ${ours[0]![figure].join()} of ours, ${peer[0]![figure].join()} of the peer`);
    }
  }
  const seconds = (side: readonly Pass[]): number => median(side.map((pass) => pass.seconds));
  const processor = (side: readonly Pass[]): number => median(side.map((pass) => pass.processorSeconds));
  const line = {
    name: `montecarlo/numpy/${kind}`,
    ours: rounded(seconds(ours)),
    peer: rounded(seconds(peer)),
    ratio: rounded(seconds(peer) / seconds(ours)),
    unit: 's',
    paths,
    days,
    rounds,
    load: rounded(loadavg()[0]!),
    oursProcessorSeconds: rounded(processor(ours)),
    peerProcessorSeconds: rounded(processor(peer)),
    processorRatio: rounded(processor(peer) / processor(ours)),
    oursSharpe: ours[0]!.sharpe.map(rounded),
    peerSharpe: peer[0]!.sharpe.map(rounded),
  };
  console.log(lineText(line, values.json ? 'json' : 'text'));
}

endWithParent();
if (!/^[1-9]\d?$/.test(values.rounds)) throw new RangeError(`not a whole number from 1: ${values.rounds}`);
const rounds = Number(values.rounds);
const [file, python] = [path.resolve(values.returns), peerPython('data')];
for (const needed of [file, python]) {
  if (!existsSync(needed)) throw new Error(`there is no ${needed}: give --returns, or run test/bench/peers/setup.sh`);
}
const bytes = readFileSync(file);
const returns = Float64Array.from({ length: days }, (_, row) => bytes.readDoubleLE(row * 8));
const peer = startLines([python, benchProgram('peers/montecarlo.py')]);
try {
  peer.tell({ file, days, paths, meanBlockSessions: meanBlockSessions.blocks });
  for (const kind of ['days', 'blocks'] as const) report(kind, await inTurns(returns, peer, kind));
} finally {
  peer.stop();
}
