import { drawCurves } from './charts/curveChart.ts';

/** Losses of one epoch. */
export interface EpochLosses {
  /** From 1. */
  readonly epoch: number;
  readonly trainingLoss: number;
  readonly validationLoss: number;
}

/** Returns of an agent after a number of steps, fractions of the first cash; null where no episode had ended. */
export interface StepReturns {
  readonly steps: number;
  readonly trainingReturn: number | null;
  readonly validationReturn: number;
}

/**
 * The learning curve as a picture of its own: training and validation loss by epoch, and the epoch that was kept.
 * @param curve epochs in order; none gives an empty picture
 * @param bestEpoch the epoch whose parameters were kept; 0 for none
 * @returns an SVG document
 */
export function learningCurveSvg(curve: readonly EpochLosses[], bestEpoch: number): string {
  const kept = curve.find(({ epoch }) => epoch === bestEpoch);
  const best = kept ? `; epoch ${kept.epoch} was kept at ${kept.validationLoss.toPrecision(4)}` : '';
  return drawCurves({
    title: 'Loss by epoch',
    description: `training and validation loss over ${curve.length} epochs${best}`,
    axis: 'epoch',
    curves: [
      { label: 'training', ink: 'benchmark', points: curve.map(({ epoch, trainingLoss }) => [epoch, trainingLoss]) },
      {
        label: 'validation',
        ink: 'strategy',
        points: curve.map(({ epoch, validationLoss }) => [epoch, validationLoss]),
        ...(kept && { mark: { at: kept.epoch, text: `kept: ${kept.validationLoss.toPrecision(4)}` } }),
      },
    ],
  });
}

/**
 * An agent's learning curve as a picture: total return of training episodes and of the validation part by steps.
 * @param curve reports in order; none gives an empty picture
 * @returns an SVG document
 */
export function agentCurveSvg(curve: readonly StepReturns[]): string {
  const last = curve.at(-1);
  const end = last ? `; the last validation return is ${last.validationReturn.toPrecision(4)}` : '';
  return drawCurves({
    title: 'Total return by steps',
    description: `returns of training episodes and of the validation part over ${last?.steps ?? 0} steps${end}`,
    axis: 'steps',
    curves: [
      {
        label: 'training',
        ink: 'benchmark',
        points: curve.flatMap(({ steps, trainingReturn }) =>
          trainingReturn === null ? [] : [[steps, trainingReturn]],
        ),
      },
      {
        label: 'validation',
        ink: 'strategy',
        points: curve.map(({ steps, validationReturn }) => [steps, validationReturn]),
      },
    ],
  });
}
