import type { FailureDetails } from '#domain/failure.ts';
import type { AgentSpec, AgentTradingSpec } from '../agents/agentSpec.ts';
import type { AgentReport } from '../agents/tradingAgent.ts';
import type { PlayedAccount } from '../environment/marketWalk.ts';
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
    }
  | {
      readonly kind: 'trainAgent';
      readonly spec: AgentSpec;
      readonly trading: AgentTradingSpec;
      /** Both markets, as `marketsFile.ts` writes them. */
      readonly marketsFile: string;
      /** Variables of an earlier training to begin with. */
      readonly beginWithFile?: string;
      /** Written whole after every stretch; read at the start when it is there. */
      readonly checkpointFile?: string;
      /** Folder the artifact's files are written to. */
      readonly outputFolder: string;
    }
  | {
      readonly kind: 'playEnsembles';
      /** Folders with artifacts' files, verified by the caller; all of agents of the same markets. */
      readonly artifactFolders: readonly string[];
      readonly marketsFile: string;
    };

/** What training reports when it is done. */
export interface TrainingSummary {
  readonly curve: readonly EpochReport[];
  readonly bestEpoch: number;
  readonly serving: ServingReport;
  /** Versions and settings that decide floating-point results, as the process itself found them. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What an agent's training reports when it is done. */
export interface AgentSummary {
  readonly curve: readonly AgentReport[];
  readonly parity: number;
  /** An account through the validation part. */
  readonly played: PlayedAccount;
  /** As of `TrainingSummary`. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What each kind of job answers. */
export interface JobAnswers {
  readonly train: TrainingSummary;
  readonly predict: undefined;
  readonly trainAgent: AgentSummary;
  readonly playEnsembles: Readonly<Record<string, PlayedAccount>>;
}

/** What a job of a kind tells on its way. */
export interface JobReports {
  readonly train: EpochReport;
  readonly predict: never;
  readonly trainAgent: AgentReport;
  readonly playEnsembles: never;
}

/** Messages of the model process; answer and reports are those of the job it was given. */
export type ModelMessage =
  | { readonly kind: 'report'; readonly report: JobReports[keyof JobReports] }
  | { readonly kind: 'done'; readonly answer?: JobAnswers[keyof JobAnswers] }
  | { readonly kind: 'failed'; readonly code?: string; readonly message: string; readonly details?: FailureDetails };
