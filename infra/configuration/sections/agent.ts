import { z } from 'zod';

const run = {
  steps: z.int().min(1).max(100_000_000).default(20_000).describe('steps to reach, over all environments'),
  reportSteps: z.int().min(1).max(10_000_000).default(1_000).describe('steps between reports and checkpoints'),
  environments: z.int().min(1).max(1_024).default(1).describe('accounts that trade side by side'),
  validationFraction: z.number().gt(0).lt(1).default(0.2).describe('last part of the sessions, which only scores'),
  gamma: z.number().gt(0).lt(1).default(0.99).describe('discount of a step later'),
  seed: z.int().min(0).max(0xffff_ffff).default(7).describe('seed of initial weights, chance and episodes'),
};

const replay = {
  bufferSize: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(1_000_000)
    .describe('transitions kept; memory is taken as it fills'),
  learningStarts: z.int().min(0).max(10_000_000).default(100).describe('steps without learning'),
  trainFrequency: z.int().min(1).max(10_000).default(1).describe('steps of the environments between updates'),
  gradientSteps: z.int().min(1).max(10_000).default(1).describe('updates each time'),
  targetUpdateInterval: z.int().min(1).max(1_000_000).default(1).describe('updates after which lagging networks move'),
  tau: z.number().gt(0).max(1).default(0.005).describe('how far lagging networks move'),
};

const learningRate = z.number().gt(0).max(1).default(3e-4).describe('step size of the optimiser');
const batchSize = z.int().min(1).max(65_536).describe('transitions per update');
const hidden = z.array(z.int().min(1).max(4_096)).min(1).max(8).describe('units of each hidden layer');
const clipNorm = z.number().gt(0).max(1_000).describe("bound of the gradients' joint norm");

/** An agent's training: everything that decides the bytes of an artifact, beside data, features and trading. */
export const agentSpecSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sac'),
    ...run,
    ...replay,
    learningRate,
    batchSize: batchSize.default(256),
    hidden: hidden.default([256, 256]),
  }),
  z
    .strictObject({
      kind: z.literal('ppo'),
      ...run,
      learningRate,
      batchSize: batchSize.default(64),
      hidden: hidden.default([64, 64]),
      rolloutSteps: z.int().min(1).max(1_000_000).default(2_048).describe('steps of each environment between updates'),
      epochs: z.int().min(1).max(1_000).default(10).describe('passes over what was met'),
      lambda: z.number().min(0).max(1).default(0.95).describe('how far advantages look'),
      clipRange: z.number().gt(0).lt(1).default(0.2).describe('how far the ratio of densities counts'),
      valueWeight: z.number().min(0).max(100).default(0.5).describe('weight of the value in the loss'),
      entropyWeight: z.number().min(0).max(100).default(0).describe('weight of chance in the loss'),
      clipNorm: clipNorm.default(0.5),
    })
    .refine(({ rolloutSteps, environments, batchSize: size }) => (rolloutSteps * environments) % size === 0, {
      path: ['batchSize'],
      message: 'must divide rolloutSteps times environments',
    }),
  z
    .strictObject({
      kind: z.literal('dqn'),
      ...run,
      ...replay,
      learningRate,
      batchSize: batchSize.default(32),
      tokens: z.int().min(1).max(256).default(4).describe('parts an observation is embedded in, for attention'),
      width: z.int().min(1).max(1_024).default(32).describe('channels of each part'),
      heads: z.int().min(1).max(64).default(2).describe('heads, which share the channels evenly'),
      blocks: z.int().min(1).max(16).default(1).describe('blocks of attention'),
      feedForward: z.int().min(1).max(4_096).default(64).describe("units of each block's feed-forward part"),
      rewardSteps: z.int().min(1).max(100).default(3).describe('rewards that a transition sums up'),
      isDouble: z.boolean().default(true).describe('chooses by one network and values by the other'),
      isDueling: z.boolean().default(true).describe('values the state apart from the choices'),
      replay: z.enum(['even', 'prioritised']).default('prioritised').describe('how transitions are drawn'),
      explorationFinal: z.number().min(0).max(1).default(0.05).describe('share of random actions in the end'),
      explorationFraction: z.number().gt(0).max(1).default(0.3).describe('part of the steps until it is reached'),
      clipNorm: clipNorm.default(10),
    })
    .refine(({ width, heads }) => width % heads === 0, { path: ['heads'], message: 'must divide width' }),
]);

/** The rules an agent trades by; those of FinRL unless told otherwise. */
export const agentTradingSchema = z.strictObject({
  initialCash: z.number().gt(0).max(1e12).default(1_000_000).describe('dollars an episode begins with'),
  sharesMax: z.int().min(1).max(1_000_000).default(100).describe('shares of a stock that one order trades, at most'),
  buyCostFraction: z.number().min(0).lt(1).default(0.001).describe('cost of buying, of the traded value'),
  sellCostFraction: z.number().min(0).lt(1).default(0.001).describe('cost of selling, of the traded value'),
  rewardScale: z.number().gt(0).max(1).default(1e-4).describe('reward for a dollar gained'),
  holdingFractionMax: z.number().gt(0).max(1).nullable().default(null).describe('limit on a stock; null: none'),
  turbulenceQuantile: z
    .number()
    .gt(0)
    .max(1)
    .nullable()
    .default(null)
    .describe('sessions of the training part that count as calm; over their turbulence all is sold; null: never'),
  episodeSessions: z.int().min(2).max(100_000).nullable().default(null).describe('sessions of an episode; null: all'),
});

const versionNumber = z.union([z.int().min(1), z.string().regex(/^[1-9]\d*$/)]).transform(String);

/** A version in the registry. */
export const versionName = z.strictObject({ model: z.string().min(1), version: versionNumber });
