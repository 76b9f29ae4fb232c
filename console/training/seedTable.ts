import type { BaselineFigures } from '#activities/trainingActivities.ts';
import { tableText } from '../answer.ts';
import { digitsText } from '../figureText.ts';

/** A figure over seeds; null where no seed has it. */
export interface SeedFigure {
  readonly mean: number | null;
  /** Of the sample; null with fewer than two seeds. */
  readonly standardDeviation: number | null;
  readonly seeds: number;
}

/** Figures of each forecaster over seeds. */
export type SeedFigures = Readonly<
  Record<string, Readonly<Record<'meanSquaredError' | 'rankCorrelation', SeedFigure>>>
>;

/** Network and baselines over the trainings of all seeds. @param trainings figures of each seed's training */
export function figuresOverSeeds(trainings: readonly BaselineFigures[]): SeedFigures {
  const names = [...new Set(trainings.flatMap((figures) => Object.keys(figures)))];
  const over = (name: string, figure: 'meanSquaredError' | 'rankCorrelation'): SeedFigure =>
    seedFigure(trainings.map((figures) => figures[name]?.[figure] ?? null));
  return Object.fromEntries(
    names.map((name) => [
      name,
      { meanSquaredError: over(name, 'meanSquaredError'), rankCorrelation: over(name, 'rankCorrelation') },
    ]),
  );
}

function seedFigure(given: readonly (number | null)[]): SeedFigure {
  const values = given.filter((value) => value !== null);
  const seeds = values.length;
  if (seeds === 0) return { mean: null, standardDeviation: null, seeds };
  const mean = values.reduce((sum, value) => sum + value, 0) / seeds;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardDeviation: seeds > 1 ? Math.sqrt(squares / (seeds - 1)) : null, seeds };
}

/** The figures as a table; who forecasts best, by mean squared error, stands first. */
export function seedTable(figures: SeedFigures): string {
  const text = ({ mean, standardDeviation }: SeedFigure): string =>
    standardDeviation === null ? digitsText(mean) : `${digitsText(mean)} ± ${digitsText(standardDeviation)}`;
  const rows = Object.entries(figures)
    .sort(([, a], [, b]) => (a.meanSquaredError.mean ?? Infinity) - (b.meanSquaredError.mean ?? Infinity))
    .map(([name, { meanSquaredError, rankCorrelation }]) => [name, text(meanSquaredError), text(rankCorrelation)]);
  return tableText(['forecaster', 'mean squared error', 'rank correlation'], rows);
}
