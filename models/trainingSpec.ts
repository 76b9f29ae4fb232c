/** What every forecaster's training is told, whatever its network. */
export interface LearningSpec {
  /** Sessions a sample looks back over. */
  readonly windowSessions: number;
  /** Passes over the training part, at most. */
  readonly epochs: number;
  readonly batchSize: number;
  /**
   * Equal parts of a batch that compute side by side. They decide the last bits of the result; threads do not.
   */
  readonly towers: number;
  readonly learningRate: number;
  /** Fraction of the network's inner outputs dropped in training, in [0, 1). */
  readonly dropout: number;
  /** Epochs without a better validation loss after which training stops. */
  readonly patienceEpochs: number;
  /** Bound of the gradients' joint norm. */
  readonly clipNorm: number;
  /** Last part of the samples, by time, that chooses the epoch; a fraction in (0, 1). */
  readonly validationFraction: number;
  readonly seed: number;
}

/** Convolutions over time and an LSTM. */
export interface CnnLstmSpec extends LearningSpec {
  readonly kind: 'cnn-lstm';
  /** Filters of each of the two convolutions. */
  readonly filters: number;
  /** Units of the recurrent layer. */
  readonly units: number;
}

/** Blocks of multi-head attention over time. */
export interface AttentionSpec extends LearningSpec {
  readonly kind: 'attention';
  /** Channels of each step within the network; the heads share them evenly. */
  readonly width: number;
  readonly heads: number;
  readonly blocks: number;
  /** Units of each block's feed-forward part. */
  readonly feedForward: number;
}

/** What decides how a forecaster is trained; plain JSON, part of the artifact. */
export type TrainingSpec = CnnLstmSpec | AttentionSpec;
