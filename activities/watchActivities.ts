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
