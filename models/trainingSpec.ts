/** What decides how a CNN+LSTM forecaster is trained; plain JSON, part of the artifact. */
export interface TrainingSpec {
  readonly kind: 'cnn-lstm';
  /** Sessions a sample looks back over. */
  readonly windowSessions: number;
  /** Filters of each of the two convolutions. */
  readonly filters: number;
  /** Units of the recurrent layer. */
  readonly units: number;
  /** Passes over the training part, at most. */
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Epochs without a better validation loss after which training stops. */
  readonly patienceEpochs: number;
  /** Bound of the gradients' joint norm. */
  readonly clipNorm: number;
  /** Last part of the samples, by time, that chooses the epoch; a fraction in (0, 1). */
  readonly validationFraction: number;
  readonly seed: number;
}
