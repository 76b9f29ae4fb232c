import { performance } from 'node:perf_hooks';
import type { IngestRequest, SnapshotReference } from '#activities/marketDataActivities.ts';
import type { TrainingOutcome, TrainingRequest } from '#activities/trainingActivities.ts';
import type { ValidationPlan, ValidationRequest, ValidationSummary } from '#activities/validationActivities.ts';
import { digestOf } from '#domain/sha256.ts';
import type { Plan } from '#infra/configuration/plan.ts';

/** The three steps of a model's life that compute, each done one way or the other. */
export interface LifecycleWay {
  ingest(request: IngestRequest): Promise<SnapshotReference>;
  train(request: TrainingRequest): Promise<TrainingOutcome>;
  /** Walk-forward, its backtests, the candidate's own score and the report. */
  validate(request: ValidationRequest): Promise<ValidationSummary>;
}

/** Names of the steps, in order. */
export const lifecycleSteps = ['ingest', 'train', 'validate'] as const;

/** One whole pass: seconds by step, and the identity of everything it computed. */
export interface LifecyclePass {
  readonly seconds: Readonly<Record<(typeof lifecycleSteps)[number], number>>;
  /** Of the snapshot, the number of windows and every figure: equal for equal work, however it was carried. */
  readonly outcomeDigest: string;
  readonly windows: number;
}

/** What a pass works on. The model's name keeps passes apart in MLflow. */
export interface LifecycleWork {
  readonly plan: Plan;
  /** How the plan's candidate is judged. */
  readonly validation: ValidationPlan;
  readonly asOf: string;
  readonly model: string;
  readonly windowsMax?: number;
}

/** Carries data to a judged model, one way, and measures each step. */
export async function runLifecycle(way: LifecycleWay, work: LifecycleWork): Promise<LifecyclePass> {
  const { plan, asOf, model, windowsMax } = work;
  const { dataset, author, features, training } = plan;
  const validation: ValidationPlan = { ...work.validation, ...(windowsMax !== undefined && { windowsMax }) };
  const { holdoutSessions } = validation;
  const [snapshot, ingest] = await measured(() => way.ingest({ dataset, asOf }));
  const [candidate, train] = await measured(() =>
    way.train({ model, author, features, training, holdoutSessions, snapshotDigest: snapshot.digest }),
  );
  const [summary, validate] = await measured(() =>
    way.validate({ candidate, features: candidate.features, training, plan: validation }),
  );
  const outcomeDigest = digestOf({ snapshot: snapshot.digest, windows: summary.windows, figures: summary.figures });
  return { seconds: { ingest, train, validate }, outcomeDigest, windows: summary.windows };
}

async function measured<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const startedMs = performance.now();
  const result = await work();
  return [result, (performance.now() - startedMs) / 1_000];
}
