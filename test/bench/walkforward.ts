import { existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { endWithParent } from '#infra/stack/endWithParent.ts';
import { lineText, median, rounded } from './figures.ts';
import { benchProgram, peerPython, startLines } from './lineProcess.ts';
import { benchFolds, judgeAll, readWalkForward, walkForwardShape, type WalkForwardTable } from './walkForwardCase.ts';

// Ridge regression pooled over 20 symbols, 106 windows, beside skfolio's splits with scikit-learn and beside plain NumPy, in
// turns: `npm run bench -- walkforward [--features FILE] [--rounds 5] [--json]` after `test/bench/peers/setup.sh`.
const { values } = parseArgs({
  options: {
    features: { type: 'string', default: '../shared/bench/inputs/wf_features.bin' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});

interface Pass {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly windows: number;
  readonly meanSquaredError: number;
  readonly informationCoefficient: number;
}

const peers = ['skfolio', 'numpy'] as const;

function passOfOurs(table: WalkForwardTable): Pass {
  const [beganMs, used] = [performance.now(), process.cpuUsage()];
  const judged = judgeAll(table);
  const seconds = (performance.now() - beganMs) / 1_000;
  const { user, system } = process.cpuUsage(used);
  return { seconds, processorSeconds: (user + system) / 1e6, windows: benchFolds.length, ...judged };
}

function report(peer: (typeof peers)[number], sides: Readonly<Record<'ours' | 'peer', readonly Pass[]>>): void {
  const middle = (side: 'ours' | 'peer', of: (pass: Pass) => number): number => median(sides[side].map(of));
  for (const figure of ['windows', 'meanSquaredError', 'informationCoefficient'] as const) {
    const [ours, theirs] = [sides.ours[0]![figure], sides.peer[0]![figure]];
    if (Math.abs(ours - theirs) > 1e-9 * Math.max(1, Math.abs(theirs))) {
      throw new Error(`${figure} of ours is ${ours}, of ${peer} ${theirs}`);
    }
  }
  const [ours, theirs] = [middle('ours', (pass) => pass.seconds), middle('peer', (pass) => pass.seconds)];
  const [ourProcessor, theirProcessor] = [
    middle('ours', (pass) => pass.processorSeconds),
    middle('peer', (pass) => pass.processorSeconds),
  ];
  const line = {
    name: `walkforward/${peer}`,
    ours: rounded(ours),
    peer: rounded(theirs),
    ratio: rounded(theirs / ours),
    unit: 's',
    windows: benchFolds.length,
    symbols: walkForwardShape.symbols,
    days: walkForwardShape.days,
    oursProcessorSeconds: rounded(ourProcessor),
    peerProcessorSeconds: rounded(theirProcessor),
    processorRatio: rounded(theirProcessor / ourProcessor),
    load: rounded(loadavg()[0]!),
  };
  console.log(lineText(line, values.json ? 'json' : 'text'));
}

endWithParent();
const file = path.resolve(values.features);
for (const needed of [file, peerPython('pf')]) {
  if (!existsSync(needed)) throw new Error(`there is no ${needed}: give --features, or run test/bench/peers/setup.sh`);
}
const rounds = Number(values.rounds);
if (!Number.isSafeInteger(rounds) || rounds < 1) throw new RangeError(`not a whole number from 1: ${values.rounds}`);
const table = readWalkForward(file);
for (let warmUp = 0; warmUp < 3; warmUp += 1) passOfOurs(table);
for (const name of peers) {
  // One thread: small matrices wait longer for each other than they take.
  const peer = startLines([peerPython('pf'), benchProgram('peers/walkforward.py'), file, name], {
    OMP_NUM_THREADS: '1',
    OPENBLAS_NUM_THREADS: '1',
  });
  try {
    await peer.ask<Pass>({});
    const sides = { ours: [] as Pass[], peer: [] as Pass[] };
    for (let round = 0; round < rounds; round += 1) {
      // The order turns with every round, so that whatever drifts meets both.
      if (round % 2 === 0) sides.ours.push(passOfOurs(table));
      sides.peer.push(await peer.ask<Pass>({}));
      if (round % 2 === 1) sides.ours.push(passOfOurs(table));
    }
    report(name, sides);
  } finally {
    peer.stop();
  }
}
