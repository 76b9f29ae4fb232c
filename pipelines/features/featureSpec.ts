import type { FeatureParameters } from './featureKind.ts';
import type { Market, Timeframe } from './timeframe.ts';

/** One feature: its name in tables, the kind it is of, and what the kind is told. */
export interface FeatureDefinition {
  readonly name: string;
  /** The kind's name: `plimsoll features list --kinds` shows them. */
  readonly indicator: string;
  readonly parameters: FeatureParameters;
  /** Bars that it is computed on; absent: the set's own. */
  readonly timeframe?: Timeframe | undefined;
  /** Figures of bars, features declared before, or one set of observations; absent: the figures its kind usually reads. */
  readonly inputs?: readonly string[] | undefined;
  /** Which of its kind's outputs; absent: the first. */
  readonly output?: string | undefined;
  /** `otherFeatures`: it is an input of theirs and no column of tables. Absent: `tables`. */
  readonly for?: 'tables' | 'otherFeatures' | undefined;
}

/** A declared feature set: plain JSON, in the order of a table's last axis. */
export interface FeatureSpec {
  /** Bars whose closes are the rows of a table; features may be of longer ones too. Absent: `1d`. */
  readonly timeframe?: Timeframe | undefined;
  /** Hours that bars are of; absent: `XNYS`. */
  readonly market?: Market | undefined;
  readonly features: readonly FeatureDefinition[];
}
