import { existsSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { monteCarloTail } from '#domain/risk/monteCarloTail.ts';
import { NormalDraws } from '#domain/risk/normalDraws.ts';
import type { WeightedAssets } from '#domain/risk/portfolioCovariance.ts';
import { endWithParent } from '#infra/stack/endWithParent.ts';
import { lineText, median, rounded } from './figures.ts';
import { benchProgram, peerPython, startLines, type LineProcess } from './lineProcess.ts';
import { checkPurchases } from './preTradeBook.ts';

// Value at risk of 100 assets in 100,000 scenarios beside NumPy, in turns, and what one check before a trade takes:
// `npm run bench -- risk [--inputs FOLDER] [--rounds 7] [--checks 200000] [--json]` after `test/bench/peers/setup.sh`.
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '../shared/bench/inputs' },
    rounds: { type: 'string', default: '7' },
    checks: { type: 'string', default: '200000' },
    json: { type: 'boolean', default: false },
  },
});
const task = { assets: 100, sessions: 2_520, scenarios: 100_000, confidence: 0.99 } as const;

interface Pass {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly valueAtRisk: number;
}

function readAssets(file: string, bars: number): WeightedAssets {
  const stored = new Int16Array(new Uint8Array(readFileSync(file)).buffer);
  return {
    returns: Array.from({ length: task.assets }, (_, asset) =>
      Float64Array.from(
        stored.subarray((asset + 1) * bars - task.sessions, (asset + 1) * bars),
        (value) => value / 100_000,
      ),
    ),
    weights: new Float64Array(task.assets).fill(1 / task.assets),
  };
}

function pass(assets: WeightedAssets, seed: number): Pass & { readonly standardError: number } {
  const [beganMs, used] = [performance.now(), process.cpuUsage()];
  const { valueAtRisk, standardErrors } = monteCarloTail(assets, task, new NormalDraws(seed));
  const { user, system } = process.cpuUsage(used);
  return {
    seconds: (performance.now() - beganMs) / 1_000,
    processorSeconds: (user + system) / 1e6,
    valueAtRisk,
    standardError: standardErrors.valueAtRisk,
  };
}

async function benchValueAtRisk(assets: WeightedAssets, bars: number, peer: LineProcess): Promise<void> {
  const ask = (seed: number): Promise<Pass> => peer.ask<Pass>({ ...task, bars, seed });
  const ours = pass(assets, 0);
  const theirs = await ask(0);
  for (let warmUp = 0; warmUp < 2; warmUp += 1) pass(assets, warmUp);
  // Both are estimates of the same figure, each with an error of its own.
  const apart = Math.abs(ours.valueAtRisk - theirs.valueAtRisk);
  if (apart > 6 * ours.standardError) throw new Error(`${ours.valueAtRisk} of ours, ${theirs.valueAtRisk} of the peer`);
  const passes = { ours: [] as Pass[], peer: [] as Pass[] };
  for (let round = 1; round <= wholeNumber(values.rounds); round += 1) {
    // The order turns with every round, so that whatever drifts meets both.
    if (round % 2 === 0) passes.ours.push(pass(assets, round));
    passes.peer.push(await ask(round));
    if (round % 2 === 1) passes.ours.push(pass(assets, round));
  }
  const seconds = (side: readonly Pass[]): number => median(side.map((one) => one.seconds));
  const processor = (side: readonly Pass[]): number => median(side.map((one) => one.processorSeconds));
  print({
    name: 'risk/monteCarlo',
    ours: rounded(seconds(passes.ours)),
    peer: rounded(seconds(passes.peer)),
    ratio: rounded(seconds(passes.peer) / seconds(passes.ours)),
    unit: 's',
    ...task,
    oursSeconds: passes.ours.map((one) => rounded(one.seconds)),
    peerSeconds: passes.peer.map((one) => rounded(one.seconds)),
    oursProcessorSeconds: rounded(processor(passes.ours)),
    peerProcessorSeconds: rounded(processor(passes.peer)),
    loadAverage: rounded(loadavg()[0]!),
  });
}

function benchPreTrade(): void {
  const checks = wholeNumber(values.checks);
  checkPurchases(checks, 1);
  const used = process.cpuUsage();
  const { microseconds, answers } = checkPurchases(checks, 2);
  const { user, system } = process.cpuUsage(used);
  const at = (part: number): number => rounded(microseconds[Math.ceil(part * checks) - 1]!);
  print({
    name: 'risk/preTrade',
    p50: at(0.5),
    p99: at(0.99),
    p999: at(0.999),
    unit: 'microseconds',
    limit: 50,
    kept: at(0.99) < 50,
    positions: 500,
    openOrders: 200,
    checks,
    ...answers,
    oursProcessorMicrosecondsACheck: rounded((user + system) / checks),
    loadAverage: rounded(loadavg()[0]!),
  });
}

function print(line: Readonly<Record<string, unknown>>): void {
  console.log(lineText(line, values.json ? 'json' : 'text'));
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new RangeError(`not a whole number from 1: ${text}`);
  return Number(text);
}

endWithParent();
const file = path.resolve(values.inputs, 'rets500.bin');
for (const needed of [file, peerPython('ind')]) {
  if (!existsSync(needed)) throw new Error(`there is no ${needed}: give --inputs, or run test/bench/peers/setup.sh`);
}
benchPreTrade();
const header = JSON.parse(readFileSync(path.resolve(values.inputs, 'rets500.json'), 'utf8')) as {
  readonly shape: readonly [number, number];
};
const peer = startLines([peerPython('ind'), benchProgram('peers/risk.py'), file]);
try {
  await benchValueAtRisk(readAssets(file, header.shape[1]), header.shape[1], peer);
} finally {
  peer.stop();
}
