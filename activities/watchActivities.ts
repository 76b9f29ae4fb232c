import { sessionsPerYear } from '#domain/sessionsPerYear.ts';
import { worstDrift } from '#pipelines/drift.ts';
import type { FeatureSpec } from '#pipelines/features/featureSpec.ts';
import { deviation, mean } from '#pipelines/metrics.ts';
import type { AuditLog } from '#activities/ports/auditLog.ts';
import type { Ledger } from '#activities/ports/ledger.ts';
import type { ModelRegistry } from '#activities/ports/modelRegistry.ts';
import { beating } from './beating.ts';
import { provideFeatures, type DataWorld } from './modelData.ts';
import { readArtifact } from './modelJobs.ts';
import { artifactJson } from './artifactJson.ts';

/** What to watch: a model's champion on an account, as of a session. */
export interface WatchRequest {
  readonly model: string;
  readonly account: string;
  readonly dataset: string;
  readonly asOf: string;
}

/** What watching found. */
export interface WatchFindings {
  /** Population stability index of the most drifted feature, training against the latest sessions; null without enough of either. */
  readonly featureDrift: number | null;
  readonly driftedFeature: string | null;
  /** Mean daily return traded live minus that of the backtest, in standard errors; null under a minimum sample. */
  readonly returnGapInErrors: number | null;
  readonly verdict: 'healthy' | 'drifted' | 'degraded' | 'unknown';
}

/** Activities that watch a champion. */
export interface WatchActivities {
  /** Compares live with backtest and recent features with those of training. */
  examineChampion(request: WatchRequest): Promise<WatchFindings>;
  /** Writes the findings to the audit chain. */
  recordWatch(request: WatchRequest, findings: WatchFindings): Promise<void>;
}

/** What watching needs of the world. */
export interface WatchWorld extends DataWorld {
  readonly registry: ModelRegistry;
  readonly audit: AuditLog;
  readonly ledger: Ledger;
}

/** Sessions compared with those before them; fewer traded sessions say nothing of live returns. */
const recentSessions = 63;
const liveSessionsMin = 20;
/** Usual reading of the population stability index: over a quarter the population is another one. */
const driftMax = 0.25;
const gapErrorsMax = -2;

/** The watching activities over a world. */
export function createWatchActivities(world: WatchWorld): WatchActivities {
  return {
    examineChampion: (request) => beating(() => examineChampion(world, request)),

    async recordWatch({ model, account, asOf }, findings) {
      await world.audit.append({
        key: `watch:${model}:${account}:${asOf}`,
        actor: 'watch',
        action: `model.${findings.verdict}`,
        subject: `model:${model}`,
        body: { account, asOf, ...findings },
      });
    },
  };
}

async function examineChampion(world: WatchWorld, request: WatchRequest): Promise<WatchFindings> {
  const champion = await world.registry.aliased(request.model, 'champion');
  const artifact = champion && (await world.catalogue.artifact(champion.artifactDigest));
  const head = await world.catalogue.head(request.dataset);
  if (!champion || !artifact || !head) {
    return { featureDrift: null, driftedFeature: null, returnGapInErrors: null, verdict: 'unknown' };
  }
  const files = await readArtifact(world.objects, artifact.digest);
  const spec = artifactJson(files, 'features.json') as FeatureSpec;
  const { table } = await provideFeatures(world, head.digest, spec);
  const drift = worstDrift(table, recentSessions);
  const validation = await world.catalogue.validation(artifact.digest);
  const figures = (validation?.summary.figures ?? {}) as Readonly<Record<string, number | null>>;
  const gap = returnGap(await liveReturns(world.ledger, request.account), figures);
  const verdict =
    gap !== null && gap < gapErrorsMax ? 'degraded' : drift && drift.index > driftMax ? 'drifted' : 'healthy';
  return { featureDrift: drift?.index ?? null, driftedFeature: drift?.name ?? null, returnGapInErrors: gap, verdict };
}

/** Daily returns of an account's closed sessions. */
async function liveReturns(ledger: Ledger, account: string): Promise<readonly number[]> {
  const closed = (await ledger.sessions(account)).filter((session) => session.closed);
  const equity = closed.map(({ report }) => Number(report.equity));
  return equity.slice(1).map((value, index) => value / equity[index]! - 1);
}

/** Live mean less the backtest's, in standard errors of the live one; null under 20 sessions. */
function returnGap(live: readonly number[], figures: Readonly<Record<string, number | null>>): number | null {
  const expected = figures['walkForward.annualReturn'];
  if (live.length < liveSessionsMin || expected === null || expected === undefined) return null;
  const error = deviation(live) / Math.sqrt(live.length);
  return error > 0 ? (mean(live) - expected / sessionsPerYear) / error : null;
}
