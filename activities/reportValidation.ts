import type { Digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';
import { seededRandom } from '#models/random.ts';
import { verifyArtifact } from '#domain/artifact.ts';
import { playStitched, type JudgedStretch, type StrategyName } from '#pipelines/judgedStretch.ts';
import { returnFigures, sharpeRatio, type ReturnFigures } from '#pipelines/metrics.ts';
import { modelCardMarkdown } from '#pipelines/modelCard.ts';
import { monteCarlo, type MonteCarloResult } from '#pipelines/monteCarlo.ts';
import { tearSheetHtml, tearSheetJson, type TearSheet } from '#pipelines/tearSheet.ts';
import { windowStatistics } from '#pipelines/walkForward.ts';
import { beating } from './beating.ts';
import { readFeatures, readSnapshot } from './modelData.ts';
import { readArtifact } from './modelJobs.ts';
import { getJson } from './storedJson.ts';
import type { ValidationRequest, ValidationSummary, ValidationWorld, WindowResult } from './validationActivities.ts';

/** What was judged, by key. */
export interface JudgedResults {
  readonly planDigest: Digest;
  readonly windows: readonly WindowResult[];
  readonly holdoutKey: string;
}

/** What the figures do not say, on the card and under the sheet. */
const caveats = [
  'Prices are split adjusted; dividends are not credited.',
  'Opening auctions are taken to fill at the printed open, moved by half the spread.',
  'Windows overlap, so statistics over windows count sessions more than once; the stitched curve does not.',
];

/** A drawdown that nobody would sit through. */
const ruinDrawdown = 0.3;
const strategies: readonly StrategyName[] = ['network', 'ridge', 'equalWeight'];

interface Evidence {
  readonly windows: readonly JudgedStretch[];
  readonly stitched: JudgedStretch;
  readonly holdout: JudgedStretch;
  readonly simulation: MonteCarloResult;
}

/** Stitches, simulates and writes everything down; the gate reads the figures, people the card and the sheet. */
export function reportValidation(
  world: ValidationWorld,
  request: ValidationRequest,
  results: JudgedResults,
): Promise<ValidationSummary> {
  return beating(async () => {
    const { artifactDigest, mlflowRunId } = request.candidate;
    const windows = await Promise.all(
      results.windows.map(({ resultKey }) => getJson<JudgedStretch>(world.objects, resultKey)),
    );
    const holdout = await getJson<JudgedStretch>(world.objects, results.holdoutKey);
    const contents = await readSnapshot(world, request.features.snapshotDigest);
    const { sessions } = await readFeatures(world, request.features);
    const stitched = playStitched(
      contents,
      sessions,
      windows.map((stretch, position) => ({ index: results.windows[position]!.index, stretch })),
    );
    const { paths, meanBlockSessions, seed } = request.plan.monteCarlo;
    const simulated = { paths, meanBlockSessions, ruinDrawdown };
    const simulation = monteCarlo(stitched.returns.network, simulated, seededRandom(seed, 0));
    const evidence: Evidence = { windows, stitched, holdout, simulation };

    const files = await readArtifact(world.objects, artifactDigest);
    verifyArtifact(files, artifactDigest);
    const figures = figuresOf(evidence, { planned: results.windows.length, judged: windows.length });
    const prefix = `validations/${artifactDigest}/${results.planDigest.slice(0, 16)}`;
    const sheet = sheetOf(request, evidence, results.windows);
    const texts = {
      'model-card.md': { text: await cardOf(world, request, { evidence, figures }), type: 'text/markdown' },
      'tear-sheet.html': { text: tearSheetHtml(sheet), type: 'text/html' },
      'tear-sheet.json': { text: tearSheetJson(sheet), type: 'application/json' },
    };
    for (const [name, { text, type }] of Object.entries(texts)) {
      const bytes = new TextEncoder().encode(text);
      await world.objects.put(`${prefix}/${name}`, bytes, type);
      await world.registry.logArtifact(mlflowRunId, `validation/${name}`, { bytes, type });
    }
    const { meanSharpe, stdSharpe, minSharpe } = windowStatistics(
      windows.map(({ returns }) => sharpeRatio(returns.network)),
    );
    const summary: ValidationSummary = {
      windows: windows.length,
      meanSharpe,
      stdSharpe,
      minSharpe,
      figures,
      modelCardKey: `${prefix}/model-card.md`,
      tearSheetKey: `${prefix}/tear-sheet.html`,
    };
    await publish(world, request, { summary, planDigest: results.planDigest });
    return summary;
  });
}

async function publish(
  { registry, catalogue }: ValidationWorld,
  { candidate }: ValidationRequest,
  { summary, planDigest }: { readonly summary: ValidationSummary; readonly planDigest: Digest },
): Promise<void> {
  const timestampMs = Date.now();
  const points = Object.entries(summary.figures).map(([name, value]) => ({
    name,
    value: value ?? Number.NaN,
    step: 0,
    timestampMs,
  }));
  await registry.logMetrics(candidate.mlflowRunId, points);
  await catalogue.recordValidation({
    artifactDigest: candidate.artifactDigest,
    planDigest,
    summary: { ...summary },
    reportKey: summary.tearSheetKey,
  });
}

function figuresOf(
  { stitched, holdout, simulation }: Evidence,
  windows: { readonly planned: number; readonly judged: number },
): Readonly<Record<string, number | null>> {
  const walkForward = strategyFigures(stitched);
  const held = strategyFigures(holdout);
  const excess = (name: 'ridge' | 'equalWeight'): number | null => {
    const [own, other] = [walkForward.network.sharpe, walkForward[name].sharpe];
    return own === null || other === null ? null : own - other;
  };
  const named = (prefix: string, figures: ReturnFigures): [string, number | null][] =>
    Object.entries(figures).map(([name, value]) => [`${prefix}.${name}`, value as number | null]);
  const figures = Object.fromEntries([
    ...named('walkForward', walkForward.network),
    ...named('holdout', held.network),
    ['walkForward.excessSharpe.ridge', excess('ridge')],
    ['walkForward.excessSharpe.equalWeight', excess('equalWeight')],
    ...strategies.slice(1).flatMap((name): [string, number | null][] => [
      [`baseline.${name}.sharpe`, walkForward[name].sharpe],
      [`baseline.${name}.maximumDrawdown`, walkForward[name].maximumDrawdown],
      [`baseline.${name}.holdoutSharpe`, held[name].sharpe],
    ]),
    ['walkForward.trades', stitched.trades],
    ['walkForward.turnover', stitched.turnover],
    ['walkForward.exposure', stitched.exposure],
    ['walkForward.costsDollars', stitched.costs],
    ['monteCarlo.sharpe.p05', simulation.sharpe.p05],
    ['monteCarlo.maximumDrawdown.p95', simulation.maximumDrawdown.p95],
    ['monteCarlo.ruinProbability', simulation.ruinProbability],
  ]) as Record<string, number | null>;
  const finite = [...stitched.returns.network, ...holdout.returns.network].every(Number.isFinite);
  return {
    ...figures,
    'plumbing.figuresFinite': finite && figures['walkForward.sharpe'] !== null ? 1 : 0,
    'plumbing.windowsCompleteFraction': windows.planned > 0 ? windows.judged / windows.planned : 0,
    // Reaching this line means that the scored bytes were verified against the registered digest.
    'plumbing.artifactDigestVerified': 1,
  };
}

function strategyFigures({ returns, benchmark }: JudgedStretch): Readonly<Record<StrategyName, ReturnFigures>> {
  return {
    network: returnFigures(returns.network, benchmark),
    ridge: returnFigures(returns.ridge, benchmark),
    equalWeight: returnFigures(returns.equalWeight, benchmark),
  };
}

const plain = (figures: ReturnFigures): Readonly<Record<string, number | null>> => ({ ...figures });

function sheetOf({ candidate }: ValidationRequest, evidence: Evidence, judged: readonly WindowResult[]): TearSheet {
  const { stitched, holdout, windows, simulation } = evidence;
  const { network, ridge, equalWeight } = strategyFigures(stitched);
  return {
    title: `${candidate.model} ${candidate.modelVersion}`,
    subtitle: `walk-forward, out of sample, after costs · artifact ${candidate.artifactDigest.slice(0, 16)}`,
    sessions: stitched.sessions,
    strategy: stitched.returns.network,
    benchmark: stitched.benchmark,
    baselines: { ridge: stitched.returns.ridge, 'equal weight': stitched.returns.equalWeight },
    metrics: {
      strategy: plain(network),
      benchmark: plain(returnFigures(stitched.benchmark)),
      ridge: plain(ridge),
      'equal weight': plain(equalWeight),
      'candidate, holdout': plain(strategyFigures(holdout).network),
    },
    windows: windows.map(({ sessions, returns }, index) => ({
      index: judged[index]!.index,
      testFrom: sessions[0]!,
      testTo: sessions.at(-1)!,
      sharpe: sharpeRatio(returns.network),
      totalReturn: returns.network.reduce((equity, value) => equity * (1 + value), 1) - 1,
    })),
    monteCarlo: { fan: simulation.fan, summary: simulationSummary(simulation) },
    caveats,
  };
}

function simulationSummary(simulation: MonteCarloResult): Readonly<Record<string, number | null>> {
  const { totalReturn, maximumDrawdown, sharpe, ruinProbability } = simulation;
  return {
    'total return, 5th percentile': totalReturn.p05,
    'total return, median': totalReturn.p50,
    'maximum drawdown, 95th percentile': maximumDrawdown.p95,
    'Sharpe, 5th percentile': sharpe.p05,
    [`probability of a drawdown over ${ruinDrawdown * 100} %`]: ruinProbability,
  };
}

async function cardOf(
  world: ValidationWorld,
  { candidate, features, training }: ValidationRequest,
  { evidence }: { readonly evidence: Evidence; readonly figures: Readonly<Record<string, number | null>> },
): Promise<string> {
  const snapshot = await world.catalogue.snapshot(features.snapshotDigest);
  if (!snapshot) {
    const message = `the features of ${candidate.model} come from a snapshot that the catalogue does not hold`;
    throw new Failure('LINEAGE_BROKEN', message, { snapshotDigest: features.snapshotDigest });
  }
  const { origin } = await getJson<{ readonly origin: string }>(world.objects, snapshot.manifestKey);
  const procedure = strategyFigures(evidence.stitched);
  const { sessions } = evidence.holdout;
  return modelCardMarkdown({
    ...candidate,
    data: {
      dataset: snapshot.dataset,
      asOf: snapshot.asOf,
      snapshotDigest: features.snapshotDigest,
      featureDigest: features.digest,
      symbols: snapshot.symbols,
      rows: snapshot.rows,
      origin,
    },
    training: { spec: { ...training } },
    procedure: plain(procedure.network),
    holdout: { ...plain(strategyFigures(evidence.holdout).network), from: sessions[0]!, to: sessions.at(-1)! },
    baselines: {
      ridge: plain(procedure.ridge),
      'equal weight': plain(procedure.equalWeight),
      benchmark: plain(returnFigures(evidence.stitched.benchmark)),
    },
    monteCarlo: simulationSummary(evidence.simulation),
    survivorship:
      'The six stocks were chosen because they did well: every figure here is flattered by that. Six survivors are no universe.',
    caveats,
  });
}
