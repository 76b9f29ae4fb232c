import { tableText } from '../answer.ts';
import { digitsText } from '../figureText.ts';

/** A figure over seeds; null where no seed has it. */
export interface SeedFigure {
  readonly mean: number | null;
  /** Of the sample; null with fewer than two seeds. */
  readonly standardDeviation: number | null;
  readonly seeds: number;
}

/** Figures of one training, by who made them; null is undefined. */
type NamedFigures<Figure extends string> = Readonly<Record<string, Readonly<Record<Figure, number | null>>>>;

/** Figures over seeds, by who made them. */
export type SeedFigures<Figure extends string> = Readonly<Record<string, Readonly<Record<Figure, SeedFigure>>>>;

/** Every figure over the trainings of all seeds. @param trainings figures of each seed's training */
export function figuresOverSeeds<Figure extends string>(
  trainings: readonly NamedFigures<Figure>[],
  figures: readonly Figure[],
): SeedFigures<Figure> {
  const names = [...new Set(trainings.flatMap((training) => Object.keys(training)))];
  const over = (name: string, figure: Figure): SeedFigure =>
    seedFigure(trainings.flatMap((training) => (training[name] ? [training[name][figure]] : [])));
  return Object.fromEntries(
    names.map((name) => [name, Object.fromEntries(figures.map((figure) => [figure, over(name, figure)]))]),
  ) as SeedFigures<Figure>;
}

function seedFigure(given: readonly (number | null)[]): SeedFigure {
  const values = given.filter((value) => value !== null);
  const seeds = values.length;
  if (seeds === 0) return { mean: null, standardDeviation: null, seeds };
  // What no seed moves varies by nothing, and not by what sums round.
  if (values.every((value) => value === values[0])) {
    return { mean: values[0]!, standardDeviation: seeds > 1 ? 0 : null, seeds };
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / seeds;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardDeviation: Math.sqrt(squares / (seeds - 1)), seeds };
}

/** How figures are laid out. */
export interface SeedTableLayout<Figure extends string> {
  /** Heading of the names. */
  readonly who: string;
  /** Heading of each figure, in the order of the columns; the first decides who stands first. */
  readonly headings: Readonly<Record<Figure, string>>;
  readonly best: 'least' | 'greatest';
}

/** Forecasters, by their mean squared error. */
export const forecasterLayout = {
  who: 'forecaster',
  headings: { meanSquaredError: 'mean squared error', rankCorrelation: 'rank correlation' },
  best: 'least',
} as const satisfies SeedTableLayout<'meanSquaredError' | 'rankCorrelation'>;

/** Accounts that were traded, by what they earned; fractions. */
export const traderLayout = {
  who: 'trader',
  headings: {
    totalReturn: 'total return',
    sharpe: 'Sharpe',
    maximumDrawdown: 'max drawdown',
    turnover: 'turnover a year',
    costs: 'costs',
  },
  best: 'greatest',
} as const satisfies SeedTableLayout<string>;

/** The figures as a table: mean and deviation, the best first, whoever it is. */
export function seedTable<Figure extends string>(
  figures: SeedFigures<Figure>,
  { who, headings, best }: SeedTableLayout<Figure>,
): string {
  const columns = Object.keys(headings) as Figure[];
  const text = ({ mean, standardDeviation, seeds }: SeedFigure): string => {
    if (seeds < 2 || standardDeviation === null) return digitsText(mean);
    return `${digitsText(mean)} ± ${digitsText(standardDeviation)}`;
  };
  const rank = (own: Readonly<Record<Figure, SeedFigure>>): number => {
    const { mean } = own[columns[0]!];
    return mean === null ? Infinity : best === 'least' ? mean : -mean;
  };
  const rows = Object.entries<Readonly<Record<Figure, SeedFigure>>>(figures)
    .sort(([, a], [, b]) => rank(a) - rank(b))
    .map(([name, own]) => [name, ...columns.map((column) => text(own[column]))]);
  return tableText([who, ...columns.map((column) => headings[column])], rows);
}
