import type { RandomSource } from '../randomSource.ts';
import { SumTree } from './sumTree.ts';

/** How strongly surprise decides what is learnt from (Schaul et al. 2016). */
export interface PrioritySettings {
  /** Power of a transition's surprise; 0 draws evenly. */
  readonly alpha: number;
  /** How much of the bias is corrected at the beginning; all of it after `betaSteps` draws. */
  readonly beta: number;
  readonly betaSteps: number;
}

/** Added to a surprise, so that nothing is never drawn again. */
const surpriseMin = 1e-6;

/** Draws transitions by how much they surprised, and says how much each is to count for it. */
export class Priorities {
  private readonly tree: SumTree;
  private readonly settings: PrioritySettings;
  private largest = 1;
  private draws = 0;

  constructor(capacity: number, settings: PrioritySettings) {
    this.tree = new SumTree(capacity);
    this.settings = settings;
  }

  /** A new transition is drawn as if it surprised as much as any before. */
  begin(place: number): void {
    this.tree.set(place, this.largest);
  }

  /** Writes places drawn from equal parts of the sum, and weights of which the largest is 1. */
  draw(
    random: RandomSource,
    { places, weights }: { readonly places: Int32Array; readonly weights: Float32Array },
  ): void {
    const { beta, betaSteps } = this.settings;
    const power = Math.min(1, beta + ((1 - beta) * this.draws) / betaSteps);
    const part = this.tree.total / places.length;
    let heaviest = 0;
    for (const at of places.keys()) {
      const place = this.tree.find((at + random.uniform()) * part);
      places[at] = place;
      const weight = this.tree.weight(place) ** -power;
      weights[at] = weight;
      heaviest = Math.max(heaviest, weight);
    }
    for (const at of weights.keys()) weights[at]! /= heaviest;
    this.draws += 1;
  }

  /** @param surprises absolute temporal differences, of the places drawn last */
  update(places: Int32Array, surprises: Float32Array): void {
    for (const [at, place] of places.entries()) {
      const weight = (surprises[at]! + surpriseMin) ** this.settings.alpha;
      this.tree.set(place, weight);
      this.largest = Math.max(this.largest, weight);
    }
  }

  /** Weights of the first places, the largest ever, and draws so far. */
  save(stored: number): readonly number[] {
    return [this.largest, this.draws, ...Array.from({ length: stored }, (_, place) => this.tree.weight(place))];
  }

  restore([largest = 1, draws = 0, ...weights]: readonly number[]): void {
    this.largest = largest;
    this.draws = draws;
    for (const [place, weight] of weights.entries()) this.tree.set(place, weight);
  }
}
