import { z } from 'zod';

/** Lengths of bars that features are of. */
export const timeframeSchema = z.enum(['1m', '5m', '15m', '30m', '1h', '1d']);

/** One feature; what it may say beyond this shape is checked where it is compiled. */
export const featureDefinition = z.strictObject({
  name: z.string().min(1),
  indicator: z.string().min(1),
  parameters: z.record(z.string(), z.number()),
  timeframe: timeframeSchema.exactOptional(),
  inputs: z.array(z.string().min(1)).min(1).exactOptional(),
  output: z.string().min(1).exactOptional(),
  for: z.enum(['tables', 'otherFeatures']).exactOptional(),
});

/** A list of features: each a name, an indicator and the indicator's parameters, checked where they are computed. */
export const featureList = z.array(featureDefinition).min(1);

/** What a model sees. */
export const featuresSection = z.strictObject({
  features: featureList.nullable().default(null).describe('features in their order; null: the default set'),
});

const learning = {
  windowSessions: z.int().min(2).max(252).default(20).describe('sessions a sample looks back over'),
  epochs: z.int().min(1).max(1_000).default(8).describe('passes over the training part, at most'),
  batchSize: z.int().min(1).max(65_536).default(64).describe('samples per step'),
  towers: z.int().min(1).max(16).default(1).describe('equal parts of a batch that compute side by side'),
  learningRate: z.number().gt(0).max(1).default(0.001).describe('step size of the optimiser'),
  dropout: z.number().min(0).lt(1).default(0).describe("fraction of the network's inner outputs dropped in training"),
  patienceEpochs: z.int().min(1).max(1_000).default(3).describe('epochs without a better loss before training stops'),
  clipNorm: z.number().gt(0).max(1_000).default(1).describe("bound of the gradients' joint norm"),
  validationFraction: z.number().gt(0).lt(1).default(0.2).describe('last part of the samples, chooses the epoch'),
  seed: z.int().min(0).max(0xffff_ffff).default(7).describe('seed of initial weights, shuffling and dropout'),
};

const recurrent = {
  filters: z.int().min(1).max(512).default(16).describe('cnn-lstm: filters of each convolution'),
  units: z.int().min(1).max(512).default(16).describe('cnn-lstm: units of the recurrent layer'),
};

const attention = {
  width: z.int().min(1).max(1_024).default(32).describe('attention: channels within the network'),
  heads: z.int().min(1).max(64).default(2).describe('attention: heads, which share the channels evenly'),
  blocks: z.int().min(1).max(16).default(2).describe('attention: blocks, one after the other'),
  feedForward: z.int().min(1).max(4_096).default(64).describe("attention: units of each block's feed-forward part"),
};

/** The network and how it learns; a network takes only the settings that are its own or everybody's. */
export const trainingSection = z.strictObject({
  kind: z.enum(['cnn-lstm', 'attention']).default('cnn-lstm').describe('family of the model'),
  ...recurrent,
  ...attention,
  ...learning,
});

/** A training's specification: everything that decides the bytes of an artifact, beside data and features. */
export const trainingSpecSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cnn-lstm'), ...recurrent, ...learning }),
  z.strictObject({ kind: z.literal('attention'), ...attention, ...learning }),
]);

/** How a candidate is judged. */
export const validationSection = z.strictObject({
  walkForward: z
    .strictObject({
      kind: z
        .enum(['rolling', 'anchored'])
        .default('rolling')
        .describe('rolling: every window trains on as much; anchored: on everything before it'),
      trainSessions: z.int().min(20).default(252).describe('sessions a window trains on'),
      testSessions: z.int().min(5).default(63).describe('sessions a window is judged on'),
      stepSessions: z.int().min(1).default(21).describe('sessions from one window to the next'),
      purgeSessions: z
        .int()
        .min(0)
        .default(0)
        .describe('sessions cut from the end of training; labels that reach into the test are left out even at 0'),
      embargoSessions: z.int().min(0).default(0).describe('further sessions cut from the end of training'),
    })
    .prefault({})
    .refine(({ stepSessions, testSessions }) => stepSessions <= testSessions, {
      path: ['stepSessions'],
      message: 'must be at most testSessions, or sessions between windows would never be judged',
    })
    .refine(({ trainSessions, purgeSessions, embargoSessions }) => purgeSessions + embargoSessions < trainSessions, {
      path: ['purgeSessions'],
      message: 'must leave sessions to train on, embargoSessions included',
    }),
  windowsMax: z.int().min(1).nullable().default(null).describe('windows judged at most, the latest; null: all'),
  monteCarlo: z
    .strictObject({
      method: z
        .enum(['bootstrap', 'reshuffle', 'garch'])
        .default('bootstrap')
        .describe('how paths are made: blocks of days, the days in other orders, or a fitted model of volatility'),
      paths: z.int().min(100).max(100_000).default(1_000).describe('paths, each as long as the curve'),
      meanBlockSessions: z.int().min(1).max(252).default(10).describe('bootstrap: mean length of a block, sessions'),
      seed: z.int().min(0).max(0xffff_ffff).default(7).describe('seed of the paths'),
    })
    .prefault({}),
  holdoutSessions: z.int().min(5).default(63).describe('last sessions, kept from training, that score the candidate'),
  restartAfterSessions: z
    .int()
    .min(1)
    .nullable()
    .default(5)
    .describe('sessions until two people are taken to restart a halted or reducing account; null: nobody does'),
});
