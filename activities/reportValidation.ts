import { verifyArtifact } from '#domain/artifact.ts';
import type { Digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';
import { weighGate } from '#domain/promotion.ts';
import { seededDraws } from '#domain/random.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { playStitched, type JudgedStretch } from '#pipelines/judgedStretch.ts';
import { modelCardMarkdown } from '#pipelines/modelCard.ts';
import { monteCarlo } from '#pipelines/monteCarlo.ts';
import type { SessionSpan } from '#pipelines/sessionSpan.ts';
import type { FeatureTable } from '#pipelines/featureTable.ts';
import type { Snapshot } from '#pipelines/snapshot.ts';
import { tearSheetHtml, tearSheetJson, tearSheetParts } from '#pipelines/tearSheet.ts';
import { validationCard, type CardSubject } from '#pipelines/validationCard.ts';
import { validationCaveats } from '#pipelines/validationCaveats.ts';
import { statisticsOfWindows, type ValidationEvidence } from '#pipelines/validationEvidence.ts';
import { validationFigures } from '#pipelines/validationFigures.ts';
import { validationSheet } from '#pipelines/validationSheet.ts';
import { beating } from './beating.ts';
import { readFeatures } from './modelData.ts';
import { readSnapshot } from './snapshotStore.ts';
import { readArtifact } from './modelJobs.ts';
import { getJson } from './storedJson.ts';
import type {
  ValidationRequest,
  ValidationSummary,
  ValidationWorld,
  WindowDates,
  WindowResult,
} from './validationActivities.ts';
import { walkForwardPlan } from './walkForwardPlan.ts';
import { openWindowAgent } from './windowAgents.ts';

/** What was judged, by key. */
export interface JudgedResults {
  readonly planDigest: Digest;
  readonly windows: readonly WindowResult[];
  readonly holdoutKey: string;
}

/** A drawdown that nobody would sit through. */
const ruinDrawdown = 0.3;

/** Stitches, simulates and writes everything down; the gate reads the figures, people the card and the sheet. */
export function reportValidation(
  world: ValidationWorld,
  request: ValidationRequest,
  results: JudgedResults,
): Promise<ValidationSummary> {
  return beating(async () => {
    const { candidate, plan } = request;
    verifyArtifact(await readArtifact(world.objects, candidate.artifactDigest), candidate.artifactDigest);
    const { evidence, snapshot } = await gatherEvidence(world, request, results);
    const figures = validationFigures(evidence);
    const gates = plan.gates.map((gate) => weighGate(gate, figures));
    const learner = request.training.kind === 'agent' ? 'agent' : 'forecaster';
    const said = { gates, caveats: validationCaveats(snapshot.benchmark, plan, learner) };
    const sheet = validationSheet(candidate, evidence, said);
    const parts = tearSheetParts(sheet);
    const card = validationCard(await subjectOf(world, request), evidence, said);
    const prefix = `validations/${candidate.artifactDigest}/${results.planDigest.slice(0, 16)}`;
    await writeDocuments(
      world,
      { prefix, mlflowRunId: candidate.mlflowRunId },
      {
        'model-card.md': { text: modelCardMarkdown(card), type: 'text/markdown' },
        'tear-sheet.html': { text: tearSheetHtml(sheet, parts), type: 'text/html' },
        'tear-sheet.json': { text: tearSheetJson(sheet, parts), type: 'application/json' },
      },
    );
    const { windows, meanSharpe, stdSharpe, minSharpe } = statisticsOfWindows(evidence);
    const summary: ValidationSummary = {
      windows,
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

/** Reads what was judged, stitches it into one history and simulates that. */
async function gatherEvidence(
  world: ValidationWorld,
  request: ValidationRequest,
  results: JudgedResults,
): Promise<{ readonly evidence: ValidationEvidence; readonly snapshot: Snapshot }> {
  const { candidate, features, plan } = request;
  const table = await readFeatures(world, features);
  const planned = walkForwardPlan(table.sessions, request).windows;
  const windows = await Promise.all(
    results.windows.map(async ({ index, resultKey }) => ({
      index,
      resultKey,
      train: trainedOn(planned, index),
      stretch: await getJson<JudgedStretch>(world.objects, resultKey),
    })),
  );
  const holdout = await getJson<JudgedStretch>(world.objects, results.holdoutKey);
  const snapshot = await readSnapshot(world, features.snapshotDigest);
  const stitched = await stitch(world, request, { snapshot, features: table, windows });
  const { seed, ...simulated } = plan.monteCarlo;
  const simulation = monteCarlo(stitched.returns.network, { ...simulated, ruinDrawdown }, seededDraws(seed, 0));
  const versions = await world.registry.versions(candidate.model);
  const trials = versions.find(({ version }) => version === candidate.modelVersion)?.trials ?? 1;
  const windowsPlanned = planned.length;
  return { evidence: { trials, windowsPlanned, windows, stitched, holdout, simulation, ruinDrawdown }, snapshot };
}

/** Windows as they were judged. */
interface StitchedWindows {
  readonly snapshot: Snapshot;
  readonly features: FeatureTable;
  readonly windows: readonly { readonly index: number; readonly resultKey: string; readonly stretch: JudgedStretch }[];
}

/** Plays the windows as one account. What a forecaster decided stands; an agent decides anew from what the account holds. */
async function stitch(
  world: ValidationWorld,
  { training, plan }: ValidationRequest,
  { snapshot, features, windows }: StitchedWindows,
): Promise<JudgedStretch> {
  const { sessions } = features;
  if (training.kind !== 'agent') return playStitched(snapshot, { sessions, windows }, plan);
  const source = { features, bars: snapshot.bars };
  const agents = await Promise.all(windows.map((window) => openWindowAgent(world, window, source)));
  try {
    const seated = windows.map((window, place) => ({ ...window, candidate: agents[place]! }));
    return playStitched(snapshot, { sessions, windows: seated }, plan);
  } finally {
    await Promise.all(agents.map((agent) => agent.release()));
  }
}

function trainedOn(planned: readonly WindowDates[], index: number): SessionSpan {
  const window = planned.find((dates) => dates.index === index);
  if (!window) throw new RangeError(`window ${index} was judged, but the plan does not have it`);
  return { from: sessionDate(window.trainFrom), to: sessionDate(window.trainTo) };
}

/** What the card says of the candidate's data, training and terms. */
async function subjectOf(world: ValidationWorld, request: ValidationRequest): Promise<CardSubject> {
  const { candidate, features, training, plan } = request;
  const snapshot = await world.catalogue.snapshot(features.snapshotDigest);
  if (!snapshot) {
    const message = `the features of ${candidate.model} come from a snapshot that the catalogue does not hold`;
    throw new Failure('LINEAGE_BROKEN', message, { snapshotDigest: features.snapshotDigest });
  }
  const { origin } = await getJson<{ readonly origin: string }>(world.objects, snapshot.manifestKey);
  const { dataset, asOf, symbols, rows } = snapshot;
  const { digest: featureDigest, snapshotDigest } = features;
  return {
    ...candidate,
    data: { dataset, asOf, snapshotDigest, featureDigest, symbols, rows, origin },
    training: { spec: training.kind === 'agent' ? { ...training.agent, ...training.trading } : { ...training } },
    terms: plan.trading,
  };
}

/** Puts documents into the object store and beside the candidate's MLflow run. */
async function writeDocuments(
  { objects, registry }: ValidationWorld,
  { prefix, mlflowRunId }: { readonly prefix: string; readonly mlflowRunId: string },
  documents: Readonly<Record<string, { readonly text: string; readonly type: string }>>,
): Promise<void> {
  for (const [name, { text, type }] of Object.entries(documents)) {
    const bytes = new TextEncoder().encode(text);
    await objects.put(`${prefix}/${name}`, bytes, type);
    await registry.logArtifact(mlflowRunId, `validation/${name}`, { bytes, type });
  }
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
