import type { Columns, Span } from '../indicators/indicator.ts';
import type { FeatureField } from './barFields.ts';
import type { Observation } from '#domain/observation.ts';

/** Numbers of a feature by parameter name. */
export type FeatureParameters = Readonly<Record<string, number>>;

/** What a parameter of a feature may be; bounds belong to the range. */
export interface FeatureParameterRule {
  readonly kind: 'whole' | 'real';
  readonly min: number;
  readonly max: number;
  /** Absent: it must be given. */
  readonly default?: number;
}

/**
 * A feature under way: what it remembers of the rows so far. It takes any number of rows at a time, a whole history or the
 * one that just closed, and makes of both the same values, bit for bit. It is handed rows in their order and none that
 * comes later, so it cannot look ahead.
 */
export interface ColumnState {
  /** Reads the rows of the span, which may hold NaN, and writes the same rows of every output. */
  advance(inputs: Columns, outputs: Columns, span: Span): void;
}

/** A feature of what was observed beside the market, under way. */
export interface ObservationState {
  /** Takes an observation, in the order of arrival. */
  take(observation: Observation): void;
  /** @returns the feature at an instant, at or after the arrival of all that was taken */
  valueAt(atMs: number): number;
}

interface KindBasics {
  /** As feature sets write it. */
  readonly name: string;
  readonly title: string;
  readonly parameters: Readonly<Record<string, FeatureParameterRule>>;
  readonly outputs: readonly string[];
}

/** A kind of feature that is computed from columns: figures of bars, or other features. */
export interface ColumnKind extends KindBasics {
  readonly reads: 'columns';
  /** Figures that it reads unless a feature names its inputs; empty: inputs must be named. */
  readonly inputs: readonly FeatureField[];
  /** How many inputs it takes when they must be named. */
  readonly inputsMin?: number;
  /** Refuses parameters that do not fit each other, in words. */
  refuse?(parameters: FeatureParameters): string | undefined;
  /** A state that has seen nothing. @param parameters all of them, checked @param inputs how many there are */
  begin(parameters: FeatureParameters, inputs: number): ColumnState;
}

/** A kind of feature that is computed from one set of observations, named as its only input. */
export interface ObservationKind extends KindBasics {
  readonly reads: 'observations';
  begin(parameters: FeatureParameters): ObservationState;
}

/** A kind of feature. */
export type FeatureKind = ColumnKind | ObservationKind;

/** The name of an only output. */
export const onlyOutput = ['value'] as const;
