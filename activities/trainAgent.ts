import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Context } from '@temporalio/activity';
import type { ArtifactOrigin } from '#domain/artifact.ts';
import { canonicalJson } from '#domain/canonicalJson.ts';
import { tradingRules } from '#models/agents/tradingRules.ts';
import type { AgentReport } from '#models/agents/tradingAgent.ts';
import { playSimpleHoldings } from '#models/environment/simpleHoldings.ts';
import { encodeMarkets } from '#models/process/marketsFile.ts';
import type { AgentSummary } from '#models/process/protocol.ts';
import { accountFigures, type AccountFigures } from '#pipelines/accountFigures.ts';
import { agentCurveSvg } from '#pipelines/learningCurve.ts';
import type { PreparedMarkets } from '#pipelines/tradingMarket.ts';
import type { AgentArtifact, AgentTrainingProgress, OpenAgentTraining, TraderFigures } from './agentActivities.ts';
import { agentMarkets } from './agentMarkets.ts';
import { beating, type Tell } from './beating.ts';
import { followReports, type ShownReport } from './followReports.ts';
import { metricName } from './metricName.ts';
import { readArtifact, readFolder, withScratch } from './modelJobs.ts';
import { storeArtifact } from './storeArtifact.ts';
import { getJson, putJson } from './storedJson.ts';
import type { TrainingWorld } from './trainingActivities.ts';

/** Trains an agent in a model process; what was trained before is answered as it was. */
export function trainAgent(world: TrainingWorld, training: OpenAgentTraining): Promise<AgentArtifact> {
  const { objects } = world;
  const resultKey = `trainings/${training.identity.trainingDigest}/result.json`;
  return beating(async (tell) => {
    if (await objects.exists(resultKey)) return getJson<AgentArtifact>(objects, resultKey);
    const trained = await withScratch((folder) => trainAndKeep(world, training, { folder, tell }));
    await putJson(objects, resultKey, trained);
    return trained;
  });
}

async function trainAndKeep(
  world: TrainingWorld,
  training: OpenAgentTraining,
  { folder, tell }: { readonly folder: string; readonly tell: Tell },
): Promise<AgentArtifact> {
  const { objects } = world;
  const { request, identity } = training;
  const markets = await agentMarkets(world, request, identity);
  const file = (name: string): string => path.join(folder, name);
  await writeFile(file('markets'), encodeMarkets(markets));
  const checkpointKey = `trainings/${identity.trainingDigest}/checkpoint.bin`;
  if (await objects.exists(checkpointKey)) await writeFile(file('checkpoint'), await objects.get(checkpointKey));
  if (identity.beginWith) {
    await writeFile(file('beginning'), (await readArtifact(objects, identity.beginWith))['weights.bin']!);
  }
  const progress = followReports(
    world,
    { mlflowRunId: training.mlflowRunId, checkpointFile: file('checkpoint'), checkpointKey, tell },
    (report: AgentReport) => shownStretch(training, report),
  );
  const job = {
    kind: 'trainAgent',
    spec: request.agent,
    trading: request.trading,
    marketsFile: file('markets'),
    checkpointFile: file('checkpoint'),
    ...(identity.beginWith && { beginWithFile: file('beginning') }),
    outputFolder: file('artifact'),
  } as const;
  const signal = Context.current().cancellationSignal;
  const summary = await world.processes.perform(job, { onReport: progress.onReport, signal });
  await progress.settled();
  const figures = figuresBeside(training, markets, summary);
  const extra = { 'scaler.json': markets.scaler, 'features.json': request.features, 'symbols.json': markets.symbols };
  for (const [name, value] of Object.entries(extra)) await writeFile(file(`artifact/${name}`), canonicalJson(value));
  const origin = originOf(world, training, { summary, figures });
  const stored = await storeArtifact(objects, await readFolder(file('artifact')), origin);
  await publish(world, training, { summary, figures });
  const rates = summary.curve.map(({ stepsPerSecond }) => stepsPerSecond).sort((a, b) => a - b);
  const stepsPerSecond = rates[Math.floor(rates.length / 2)] ?? 0;
  return { ...stored, steps: summary.curve.at(-1)?.steps ?? 0, stepsPerSecond, figures };
}

/** A stretch as MLflow and the heartbeats show it. */
function shownStretch(
  { request }: OpenAgentTraining,
  { steps, trainingReturn, learning, ...report }: AgentReport,
): ShownReport {
  const figures = { ...report, ...(trainingReturn !== null && { trainingReturn }), ...learning };
  const stepsMax = request.agent.steps;
  const secondsLeft = Math.round(Math.max(0, stepsMax - steps) / report.stepsPerSecond);
  const progress: AgentTrainingProgress = { steps, stepsMax, secondsLeft, ...report };
  return { step: steps, figures, progress };
}

/** The agent and what it must beat, on the same sessions under the same costs. */
function figuresBeside(
  { request: { agent, trading } }: OpenAgentTraining,
  { validation, turbulenceThreshold }: PreparedMarkets,
  { played }: AgentSummary,
): TraderFigures {
  const rules = tradingRules(trading, { environments: 1, turbulenceThreshold });
  const accounts = { [agent.kind]: played, ...playSimpleHoldings(validation, rules) };
  return Object.fromEntries(Object.entries(accounts).map(([name, account]) => [name, accountFigures(account)]));
}

interface Findings {
  readonly summary: AgentSummary;
  readonly figures: TraderFigures;
}

async function publish(
  { registry }: TrainingWorld,
  { mlflowRunId }: OpenAgentTraining,
  { summary, figures }: Findings,
): Promise<void> {
  await registry.logMetrics(mlflowRunId, figurePoints(figures));
  const bytes = new TextEncoder().encode(agentCurveSvg(summary.curve));
  await registry.logArtifact(mlflowRunId, 'curves/learning.svg', { bytes, type: 'image/svg+xml' });
}

/** Figures as metrics of a run; what is undefined is NaN there. */
export function figurePoints(figures: TraderFigures): readonly {
  readonly name: string;
  readonly value: number;
  readonly step: number;
  readonly timestampMs: number;
}[] {
  const timestampMs = Date.now();
  return Object.entries(figures).flatMap(([trader, own]) =>
    Object.entries(own).map(([figure, value]: [string, number | null]) => {
      return { name: `validation.${metricName(trader)}.${figure}`, value: value ?? Number.NaN, step: 0, timestampMs };
    }),
  );
}

function originOf({ codeVersion }: TrainingWorld, training: OpenAgentTraining, findings: Findings): ArtifactOrigin {
  const { request, identity } = training;
  const { summary, figures } = findings;
  const own = figures[request.agent.kind] as AccountFigures;
  const known = Object.entries(own).filter((entry): entry is [string, number] => entry[1] !== null);
  return {
    model: request.model,
    trainingDigest: identity.trainingDigest,
    snapshotDigest: request.snapshotDigest,
    featureDigest: identity.features.digest,
    codeVersion,
    spec: {
      ...request.agent,
      ...request.trading,
      holdoutSessions: request.holdoutSessions,
      forecaster: identity.forecaster ?? null,
      beginWith: identity.beginWith ?? null,
    },
    seeds: { training: request.agent.seed },
    metrics: { ...Object.fromEntries(known), onnxParity: summary.parity },
    environment: summary.environment,
  };
}
