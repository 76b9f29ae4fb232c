import type { Shape } from '../graph/shape.ts';

/** What is done to each output of a layer. */
export type Activation = 'none' | 'relu' | 'tanh' | 'sigmoid';

/** Filters over neighbouring steps: [steps, channels] to [steps, filters]. */
export interface Conv1d {
  readonly kind: 'conv1d';
  readonly name: string;
  readonly filters: number;
  /** Steps a filter sees. */
  readonly kernelSteps: number;
  /** `same` pads with zeros and keeps the number of steps; `valid` drops the steps that lack a neighbour. */
  readonly padding: 'same' | 'valid';
  readonly activation: Activation;
}

/** A long short-term memory: [steps, channels] to [steps, units], or to [units] of the last step. */
export interface Lstm {
  readonly kind: 'lstm';
  readonly name: string;
  readonly units: number;
  readonly returns: 'sequence' | 'last';
}

/** A product with a matrix along the last axis: [..., channels] to [..., units]. */
export interface Dense {
  readonly kind: 'dense';
  readonly name: string;
  readonly units: number;
  readonly activation: Activation;
}

/** Adds a learnt vector to each step, so that attention can tell the steps apart: [steps, channels] to the same. */
export interface Positions {
  readonly kind: 'positions';
  readonly name: string;
}

/**
 * Multi-head self-attention and a feed-forward part, each with a residual around it and a layer norm before it
 * (Vaswani et al. 2017; norms first as in Xiong et al. 2020): [steps, channels] to the same.
 */
export interface AttentionBlock {
  readonly kind: 'attentionBlock';
  readonly name: string;
  /** Heads; they share the channels evenly. */
  readonly heads: number;
  /** Units of the feed-forward part. */
  readonly feedForward: number;
  /** Fraction of each residual branch's outputs dropped in training. */
  readonly dropout: number;
}

/** Sets a fraction of the elements to zero in training and scales the rest up; nothing otherwise. */
export interface Dropout {
  readonly kind: 'dropout';
  readonly name: string;
  /** In [0, 1). */
  readonly rate: number;
}

/** The mean over the steps: [steps, channels] to [channels]. */
export interface MeanOverSteps {
  readonly kind: 'meanOverSteps';
  readonly name: string;
}

/** The last step alone: [steps, channels] to [channels]. */
export interface LastStep {
  readonly kind: 'lastStep';
  readonly name: string;
}

/** A layer of a network: plain data. */
export type Layer = Conv1d | Lstm | Dense | Positions | AttentionBlock | Dropout | MeanOverSteps | LastStep;

/** A network: layers one after the other. Shapes leave the batch out. */
export interface Network {
  /** Shape of a sample, e.g. [steps, features]. */
  readonly input: Shape;
  readonly layers: readonly Layer[];
}

/** How a parameter begins. */
export type Beginning = 'glorot' | 'zeros' | 'ones' | 'forgetGateOne';

/** What a layer makes of its input's shape, and the parameters it needs for that. */
export interface Placement {
  readonly output: Shape;
  /** By name within the layer, in the order in which they are declared, drawn and saved. */
  readonly parameters: Readonly<Record<string, { readonly shape: Shape; readonly beginning: Beginning }>>;
}
