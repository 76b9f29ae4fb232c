import type { Gate } from '#domain/promotion.ts';
import type { TradingTerms } from '#domain/tradingTerms.ts';
import type { FoldPlan } from '#pipelines/folds.ts';
import type { ModelProcesses } from '#models/process/modelProcessClient.ts';
import type { ModelRegistry } from '#activities/ports/modelRegistry.ts';
import type { SimulationMethod } from '#pipelines/monteCarlo.ts';
import { beating } from './beating.ts';
import { judgeWindow, scoreCandidate } from './judgeWindow.ts';
import { readFeatures, type DataWorld } from './modelData.ts';
import { reportValidation } from './reportValidation.ts';
import type { Digest } from '#domain/digest.ts';
import type { CandidateReference, FeatureReference } from './trainingActivities.ts';
import type { TrainingProcedure } from './trainWindow.ts';
import { walkForwardPlan } from './walkForwardPlan.ts';

/** How a model is judged. */
export interface ValidationPlan {
  readonly walkForward: FoldPlan;
  /** Windows judged at most, the latest ones; absent: all of them. */
  readonly windowsMax?: number;
  readonly monteCarlo: {
    readonly method: SimulationMethod;
    readonly paths: number;
    readonly meanBlockSessions: number;
    readonly seed: number;
  };
  readonly holdoutSessions: number;
  /** The terms on which the model would trade: it is judged by the same. */
  readonly trading: TradingTerms;
  /** Whole sessions a halted or reducing account stays so until two people are taken to restart it; null: for good. */
  readonly restartAfterSessions: number | null;
  /** Gates whose tables stand on card and sheet, the honest one first; the promotion weighs them anew. */
  readonly gates: readonly Gate[];
}

/** A candidate, what it was trained with, and how to judge it. */
export interface ValidationRequest {
  readonly candidate: CandidateReference;
  readonly features: FeatureReference;
  readonly training: TrainingProcedure;
  readonly plan: ValidationPlan;
}

/** One window of the walk-forward, dates of sessions inclusive. */
export interface WindowDates {
  readonly index: number;
  readonly trainFrom: string;
  readonly trainTo: string;
  readonly testFrom: string;
  readonly testTo: string;
}

/** The windows a plan asks for. */
export interface WalkForwardPlan {
  readonly planDigest: Digest;
  readonly windows: readonly WindowDates[];
}

/** A judged window: figures small enough for a history; its daily results lie under the key. */
export interface WindowResult {
  readonly index: number;
  readonly resultKey: string;
  readonly sharpe: number | null;
}

/** Figures the gate and people read; null where a statistic is undefined. */
export interface ValidationSummary {
  readonly windows: number;
  readonly meanSharpe: number | null;
  readonly stdSharpe: number | null;
  readonly minSharpe: number | null;
  /** Named figures, e.g. `walkForward.sharpe`, `holdout.sharpe`, `baseline.ridge.sharpe`. */
  readonly figures: Readonly<Record<string, number | null>>;
  readonly modelCardKey: string;
  readonly tearSheetKey: string;
}

/** Activities that judge a candidate. */
export interface ValidationActivities {
  /** Lays out the windows; the plan's digest names the validation. */
  planWalkForward(request: ValidationRequest): Promise<WalkForwardPlan>;
  /** Trains on the window's past, trades its future on paper arrays; cached by digest. */
  judgeWindow(request: ValidationRequest, window: WindowDates): Promise<WindowResult>;
  /** Scores exactly the candidate's bytes on the sessions it never saw; answers the key of the daily results. */
  scoreCandidate(request: ValidationRequest): Promise<{ readonly resultKey: string; readonly sharpe: number | null }>;
  /** Stitches the windows, simulates, writes model card and tear sheet, records the figures in MLflow and the catalogue. */
  reportValidation(
    request: ValidationRequest,
    results: { readonly planDigest: Digest; readonly windows: readonly WindowResult[]; readonly holdoutKey: string },
  ): Promise<ValidationSummary>;
}

/** What the validation activities need of the world. */
export interface ValidationWorld extends DataWorld {
  readonly registry: ModelRegistry;
  readonly processes: ModelProcesses;
}

/** The validation activities over a world. */
export function createValidationActivities(world: ValidationWorld): ValidationActivities {
  return {
    planWalkForward: (request) =>
      beating(async () => walkForwardPlan((await readFeatures(world, request.features)).sessions, request)),
    judgeWindow: (request, window) => judgeWindow(world, request, window),
    scoreCandidate: (request) => scoreCandidate(world, request),
    reportValidation: (request, results) => reportValidation(world, request, results),
  };
}
