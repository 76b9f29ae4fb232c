import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Tell } from './beating.ts';
import type { TrainingWorld } from './trainingActivities.ts';

/** Where a training's reports go. */
export interface ReportsPlace {
  readonly mlflowRunId: string;
  /** The training's process writes its checkpoint here, once there is one. */
  readonly checkpointFile: string;
  /** Object that keeps it. */
  readonly checkpointKey: string;
  readonly tell: Tell;
}

/** A report as it is shown. */
export interface ShownReport {
  /** Epoch or step that it speaks of. */
  readonly step: number;
  /** Metrics, by name. */
  readonly figures: Readonly<Record<string, number>>;
  /** What heartbeats carry from here on. */
  readonly progress: object;
}

/** Keeps the checkpoint and shows the metrics of every report, in order; nothing holds the training up. */
export function followReports<Report>(
  { objects, registry }: Pick<TrainingWorld, 'objects' | 'registry'>,
  { mlflowRunId, checkpointFile, checkpointKey, tell }: ReportsPlace,
  shownOf: (report: Report) => ShownReport,
): { readonly onReport: (report: Report) => void; settled(): Promise<void> } {
  let last = Promise.resolve();
  const keep = async (report: Report): Promise<void> => {
    if (existsSync(checkpointFile)) {
      await objects.put(checkpointKey, await readFile(checkpointFile), 'application/octet-stream');
    }
    const timestampMs = Date.now();
    const { step, figures, progress } = shownOf(report);
    const points = Object.entries(figures).map(([name, value]) => ({ name, value, step, timestampMs }));
    await registry.logMetrics(mlflowRunId, points);
    tell(progress);
  };
  return {
    onReport: (report) => {
      last = last.then(() => keep(report));
      // The failure, if there is one, is met when all has settled.
      last.catch(() => undefined);
    },
    settled: () => last,
  };
}
