import type { FailureDetails } from '#domain/failure.ts';
import type { OnnxOptions } from '../onnx/onnxSession.ts';
import type { ServingReport } from '../serving.ts';
import type { TrainingSpec } from '../trainingSpec.ts';
import type { EpochReport } from '../training.ts';

// What the model process and its client say to each other. Arrays travel as files of tensors (tensorFile.ts): a
// message of this size would block both.

/** A job for the model process; files are named by path. */
export type ModelJob =
  | {
      readonly kind: 'train';
      readonly spec: TrainingSpec;
      readonly features: number;
      /** Towers that compute at a time; 1 unless told otherwise. They decide the speed, not the result. */
      readonly threads?: number;
      /** Tensors trainingInputs, trainingLabels, validationInputs, validationLabels. */
      readonly dataFile: string;
      /** Written whole after every epoch; read at the start when it is there. */
      readonly checkpointFile?: string;
      /** Ends the training after this epoch; its checkpoint can be gone on from. */
      readonly untilEpoch?: number;
      /** Folder the artifact's files are written to. */
      readonly outputFolder: string;
    }
  | {
      readonly kind: 'predict';
      /** Folder with an artifact's files, verified by the caller. */
      readonly artifactFolder: string;
      /** Tensor inputs. */
      readonly dataFile: string;
      /** The forecasts are written here, as JSON. */
      readonly outputFile: string;
      /** Where the model computes; the processor, by one thread, unless told otherwise. */
      readonly inference?: OnnxOptions;
    };

/** What training reports when it is done. */
export interface TrainingSummary {
  readonly curve: readonly EpochReport[];
  readonly bestEpoch: number;
  readonly serving: ServingReport;
  /** Versions and settings that decide floating-point results, as the process itself found them. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Messages of the model process. */
export type ModelMessage =
  | { readonly kind: 'epoch'; readonly report: EpochReport }
  | { readonly kind: 'done'; readonly summary?: TrainingSummary }
  | { readonly kind: 'failed'; readonly code?: string; readonly message: string; readonly details?: FailureDetails };
