import { existsSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { AssetReturns } from '#domain/portfolio/assetReturns.ts';
import { estimateCovariance } from '#domain/portfolio/covariance.ts';
import { expectedReturns } from '#domain/portfolio/expectedReturns.ts';
import type { Moments } from '#domain/portfolio/frontier.ts';
import { optimisePortfolio, type PortfolioObjective } from '#domain/portfolio/optimisePortfolio.ts';
import { riskContributions } from '#domain/portfolio/riskParity.ts';
import { dot, quadraticForm } from '#domain/portfolio/symmetricMatrix.ts';
import { endWithParent } from '#infra/stack/endWithParent.ts';
import { lineText, median, rounded } from './figures.ts';
import { benchProgram, peerPython, startLines, type LineProcess } from './lineProcess.ts';
import { returnsShape } from './returnsMarket.ts';

// Weights from 2,520 daily returns of 20, 100 and 500 assets, beside skfolio and PyPortfolioOpt on the same returns, in turns:
// `npm run bench -- portfolio [--returns FILE] [--rounds 5] [--assets 20,100,500] [--only max-sharpe,hrp] [--json]` after `test/bench/peers/setup.sh`.
const { values } = parseArgs({
  options: {
    returns: { type: 'string', default: '../shared/bench/inputs/rets500.bin' },
    rounds: { type: 'string', default: '5' },
    assets: { type: 'string', default: '20,100,500' },
    only: { type: 'string', default: 'min-variance,max-sharpe,risk-parity,hrp' },
    json: { type: 'boolean', default: false },
  },
});

const days = 2_520;

interface Pass {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly weights: readonly number[];
}

interface Case {
  readonly objective: PortfolioObjective;
  readonly libraries: readonly string[];
  /** By how much ours are worse than the peer's, of the same moments; over 0 ends the run. */
  readonly worse: (moments: Moments, own: Float64Array, other: Float64Array) => number;
}

/** What is made small: ours may not be larger by more than rounding. */
const least =
  (value: (moments: Moments, weights: Float64Array) => number): Case['worse'] =>
  (moments, own, other) => {
    const theirs = value(moments, other);
    return value(moments, own) - theirs - 1e-9 * Math.abs(theirs);
  };

/** Nothing is made small: weights must be the peer's. */
const same: Case['worse'] = (_, own, other) =>
  own.reduce((most, weight, asset) => Math.max(most, Math.abs(weight - other[asset]!)), 0) - 1e-9;

const cases: readonly Case[] = [
  {
    objective: { kind: 'min-variance' },
    libraries: ['skfolio', 'pypfopt'],
    worse: least(({ covariance }, weights) => quadraticForm(covariance, weights)),
  },
  {
    objective: { kind: 'max-sharpe', riskFreeRate: 0 },
    libraries: ['skfolio', 'pypfopt'],
    worse: least(
      ({ covariance, expected }, weights) => -dot(expected, weights) / Math.sqrt(quadraticForm(covariance, weights)),
    ),
  },
  {
    objective: { kind: 'risk-parity' },
    libraries: ['skfolio'],
    worse: least(({ covariance }, weights) => {
      const parts = riskContributions(covariance, weights);
      return Math.max(...parts) - Math.min(...parts);
    }),
  },
  // Each peer turns the tree its own way; so do ours beside it.
  { objective: { kind: 'hrp', leafOrder: 'scipy' }, libraries: ['skfolio'], worse: same },
  { objective: { kind: 'hrp', leafOrder: 'merged' }, libraries: ['pypfopt'], worse: same },
];

function historyOf(file: string, assets: number): AssetReturns {
  const bytes = readFileSync(file);
  const [symbols, bars] = returnsShape;
  if (assets > symbols) throw new Error(`${file} has ${symbols} symbols`);
  return {
    assets: Array.from({ length: assets }, (_, asset) => `A${asset}`),
    returns: Array.from({ length: assets }, (_, asset) =>
      Float64Array.from(
        { length: days },
        (_, day) => bytes.readInt16LE(2 * (asset * bars + bars - days + day)) / 100_000,
      ),
    ),
  };
}

function momentsOf(history: AssetReturns): Moments {
  return {
    assets: history.assets,
    expected: expectedReturns(history, 'mean'),
    covariance: estimateCovariance(history, 'sample').matrix,
  };
}

function ourPass(history: AssetReturns, objective: PortfolioObjective): Pass {
  const used = process.cpuUsage();
  const beganMs = performance.now();
  const { weights } = optimisePortfolio(objective, { moments: momentsOf(history), history, constraints: {} });
  const seconds = (performance.now() - beganMs) / 1_000;
  const { user, system } = process.cpuUsage(used);
  return { seconds, processorSeconds: (user + system) / 1e6, weights: Array.from(weights) };
}

async function measure(peer: LineProcess, history: AssetReturns, one: Case): Promise<void> {
  const { objective, libraries, worse } = one;
  const assets = history.assets.length;
  const moments = momentsOf(history);
  for (const library of libraries) {
    const peerPass = (): Promise<Pass> => peer.ask<Pass>({ library, objective: objective.kind, assets });
    // Untimed: code is compiled and memory warm on both sides afterwards, and neither may be worse than the other.
    const other = Float64Array.from((await peerPass()).weights);
    for (let warmUp = 0; warmUp < 3; warmUp += 1) ourPass(history, objective);
    const own = Float64Array.from(ourPass(history, objective).weights);
    const excess = worse(moments, own, other);
    if (!(excess <= 0)) throw new Error(`${objective.kind} of ${assets}: worse than ${library} by ${excess}`);
    const passes = { ours: [] as Pass[], peer: [] as Pass[] };
    for (let round = 0; round < Number(values.rounds); round += 1) {
      // The order turns with every round, so that whatever drifts meets both.
      if (round % 2 === 0) passes.ours.push(ourPass(history, objective));
      passes.peer.push(await peerPass());
      if (round % 2 === 1) passes.ours.push(ourPass(history, objective));
    }
    const milliseconds = (side: readonly Pass[], of: 'seconds' | 'processorSeconds'): number =>
      median(side.map((pass) => 1_000 * pass[of]));
    const line = {
      name: `portfolio/${objective.kind}/${assets}`,
      peer: library,
      unit: 'ms',
      ours: rounded(milliseconds(passes.ours, 'seconds')),
      theirs: rounded(milliseconds(passes.peer, 'seconds')),
      ratio: rounded(milliseconds(passes.peer, 'seconds') / milliseconds(passes.ours, 'seconds')),
      oursProcessor: rounded(milliseconds(passes.ours, 'processorSeconds')),
      theirsProcessor: rounded(milliseconds(passes.peer, 'processorSeconds')),
      processorRatio: rounded(
        milliseconds(passes.peer, 'processorSeconds') / milliseconds(passes.ours, 'processorSeconds'),
      ),
      load: rounded(loadavg()[0]!),
    };
    console.log(lineText(line, values.json ? 'json' : 'text'));
  }
}

endWithParent();
const file = path.resolve(values.returns);
const python = peerPython('pf');
for (const needed of [file, python]) {
  if (!existsSync(needed)) throw new Error(`there is no ${needed}: give --returns, or run test/bench/peers/setup.sh`);
}
const peer = startLines([python, benchProgram('peers/portfolio.py'), file, ...returnsShape.map(String), String(days)]);
try {
  const asked = values.only.split(',');
  for (const assets of values.assets.split(',').map(Number)) {
    const history = historyOf(file, assets);
    for (const one of cases) if (asked.includes(one.objective.kind)) await measure(peer, history, one);
  }
} finally {
  peer.stop();
}
