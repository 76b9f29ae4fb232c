import { requireShape } from '../graph/shape.ts';

/** When an agent updates that learns from what it keeps. */
export interface CadenceSettings {
  /** Steps, over all environments, without learning. */
  readonly learningStarts: number;
  /** Steps of the environments between updates. */
  readonly trainFrequency: number;
  /** Updates each time. */
  readonly gradientSteps: number;
  /** Updates after which a lagging network moves, and how far, in (0, 1]. */
  readonly targetUpdateInterval: number;
  readonly tau: number;
}

/** Counts steps and updates, and says what is due. */
export class UpdateCadence {
  private readonly environments: number;
  private readonly settings: CadenceSettings;
  private stepsDone = 0;
  private updatesDone = 0;

  constructor(environments: number, settings: CadenceSettings) {
    this.environments = environments;
    this.settings = settings;
  }

  /** Steps so far, over all environments. */
  get steps(): number {
    return this.stepsDone;
  }

  /** Updates so far. */
  get updates(): number {
    return this.updatesDone;
  }

  /** Counts a step of every environment. @returns updates that are due now */
  afterStep(): number {
    const { learningStarts, trainFrequency, gradientSteps } = this.settings;
    const rounds = Math.floor(this.stepsDone / this.environments) + 1;
    this.stepsDone += this.environments;
    return this.stepsDone > learningStarts && rounds % trainFrequency === 0 ? gradientSteps : 0;
  }

  /** Counts an update. @returns how far the lagging networks move in it */
  beginUpdate(): number {
    const { targetUpdateInterval, tau } = this.settings;
    this.updatesDone += 1;
    return this.updatesDone % targetUpdateInterval === 0 ? tau : 0;
  }

  /** Plain numbers that `restore` takes back. */
  save(): readonly number[] {
    return [this.stepsDone, this.updatesDone];
  }

  /** @throws Failure MODEL_SHAPE_MISMATCH when the numbers are no cadence's */
  restore(saved: readonly number[] | undefined): void {
    requireShape(saved?.length === 2, 'take back the counts of an agent of', [[saved?.length ?? 0]]);
    [this.stepsDone, this.updatesDone] = [saved![0]!, saved![1]!];
  }
}
