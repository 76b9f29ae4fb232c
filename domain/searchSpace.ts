/** One setting of a search: what it may become. */
export type Dimension =
  /** One of the values, none nearer to another. */
  | { readonly kind: 'choice'; readonly values: readonly (number | string)[] }
  /** Between two numbers, both included; `logarithmic` gives every order of magnitude the same chance. */
  | {
      readonly kind: 'range';
      readonly from: number;
      readonly to: number;
      readonly scale: 'linear' | 'logarithmic';
      /** Whole numbers only. */
      readonly whole: boolean;
    };

/** What is searched: settings by name. */
export type SearchSpace = Readonly<Record<string, Dimension>>;

/** One choice for every setting of a space. */
export type SearchPoint = Readonly<Record<string, number | string>>;

/** How a search is led. */
export interface SearchPlan {
  readonly space: SearchSpace;
  /** `random`: independent draws; `tpe`: tree-structured Parzen estimator. */
  readonly sampler: 'random' | 'tpe';
  /** Points that are tried. */
  readonly trials: number;
  /** Trials that run side by side; they also learn together: a proposal knows only the batches before its own. */
  readonly parallel: number;
  /** Successive halving; see successiveHalving.ts. */
  readonly halving: HalvingPlan;
  readonly seed: number;
}

/** Rungs of a search: how long trials run before the worse ones end. */
export interface HalvingPlan {
  /** Epochs of the first rung. */
  readonly epochsMin: number;
  /** Each rung runs this many times as long as the one before and keeps one in so many. */
  readonly factor: number;
}

/** What a trial showed so far. */
export interface TrialStanding {
  readonly trial: number;
  /** The best validation loss; null when its training diverged. */
  readonly loss: number | null;
}
