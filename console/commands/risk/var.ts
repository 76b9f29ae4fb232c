import { InvalidArgumentError, Option } from 'commander';
import {
  componentMethods,
  componentRisk,
  type ComponentMethod,
  type ComponentRisk,
} from '#domain/risk/componentRisk.ts';
import { monteCarloTail, type SimulatedTail } from '#domain/risk/monteCarloTail.ts';
import { NormalDraws } from '#domain/risk/normalDraws.ts';
import { backtestTail, type TailBacktest } from '#domain/risk/tailBacktest.ts';
import { tailRisk, type TailMethod, type TailRisk } from '#domain/risk/valueAtRisk.ts';
import { tableText } from '../../answer.ts';
import type { CommandRegistration } from '../../context.ts';
import { digitsText } from '../../figureText.ts';
import { fitting } from './fitting.ts';
import { readPortfolioFile, type PortfolioFile } from './portfolioFile.ts';

const methods = ['historical', 'normal', 'student-t', 'cornish-fisher', 'monte-carlo', 'filtered'] as const;

interface VarOptions {
  readonly returns: string;
  readonly confidence: number;
  readonly method: TailMethod | 'monte-carlo';
  readonly weights?: string;
  readonly backtest?: true;
  readonly window: number;
  readonly scenarios: number;
  readonly seed: number;
}

/** `risk var`: value at risk and expected shortfall of one session. */
export const registerRiskVar: CommandRegistration = (risk, context) => {
  risk
    .command('var')
    .description('value at risk and expected shortfall of a portfolio, one session ahead')
    .requiredOption(
      '--returns <file>',
      'CSV (plain or gzip) or Parquet of simple returns, fractions, a column an asset',
    )
    .option('--confidence <fraction>', 'part of sessions that stay within: 0.95 or 0.99 as a rule', confidence, 0.95)
    .addOption(new Option('--method <method>', 'how the tail is estimated').choices(methods).default('historical'))
    .option('--weights <file>', 'CSV of name,weight for every column; equal parts where left out')
    .option('--backtest', 'also say each session in turn from those before it, and test the losses beyond')
    .option('--window <sessions>', 'sessions that each estimate of the backtest knows', whole, 250)
    .option('--scenarios <count>', 'of monte-carlo', whole, 100_000)
    .option('--seed <number>', 'of monte-carlo: the same one gives the same figures', whole, 1)
    .action(async (options: VarOptions) => {
      const file = await readPortfolioFile(options.returns, options.weights);
      const tail = fitting(() => tailOf(file, options));
      const normal = file.names.length > 1 ? fitting(() => componentRisk(file, options.confidence)) : undefined;
      const parts = normal && fitting(() => partsOf(file, options));
      const tested = options.backtest && fitting(() => testOf(file, options));
      context.answer({
        value: {
          returns: options.returns,
          method: options.method,
          confidence: options.confidence,
          sessions: file.portfolio.length,
          from: file.from,
          to: file.to,
          rowsWithoutFigure: file.rowsWithoutFigure,
          ...tail,
          weights: byName(file, file.weights),
          ...(normal && { normalComponents: toldParts(file, normal) }),
          ...(parts && { components: { method: options.method, ...toldParts(file, parts) } }),
          ...(tested && { backtest: { windowSessions: options.window, ...tested } }),
        },
        text: [textOf(tail, tested), ...(parts ? ['', partsText(file, parts)] : [])].join('\n'),
      });
    });
};

function tailOf(
  file: PortfolioFile,
  { method, confidence: level, scenarios, seed }: VarOptions,
): TailRisk | SimulatedTail {
  if (method !== 'monte-carlo') return tailRisk(method, file.portfolio, level);
  return monteCarloTail(file, { scenarios, confidence: level }, new NormalDraws(seed));
}

/** Nothing for a method whose figure does not come apart by slopes. */
function partsOf(file: PortfolioFile, { method, confidence: level }: VarOptions): ComponentRisk | undefined {
  const known: readonly string[] = componentMethods;
  return known.includes(method) ? componentRisk(file, level, method as ComponentMethod) : undefined;
}

function toldParts(
  file: PortfolioFile,
  { valueAtRisk, component, marginal }: ComponentRisk,
): Readonly<Record<string, unknown>> {
  return { valueAtRisk, component: byName(file, component), marginal: byName(file, marginal) };
}

function partsText({ names, weights }: PortfolioFile, { valueAtRisk, component, marginal }: ComponentRisk): string {
  const rows = names.map((name, place) => [
    name,
    ...[weights[place]!, marginal[place]!, component[place]!, component[place]! / valueAtRisk].map(digitsText),
  ]);
  return tableText(['asset', 'weight', 'marginal', 'component', 'part of the whole'], rows);
}

/** A simulation of a normal distribution is tested by the distribution that it simulates. */
function testOf(file: PortfolioFile, { method, confidence: level, window }: VarOptions): TailBacktest {
  const plan = { windowSessions: window, confidence: level };
  return backtestTail(method === 'monte-carlo' ? 'normal' : method, file.portfolio, plan);
}

function byName({ names }: PortfolioFile, values: Float64Array): Readonly<Record<string, number>> {
  return Object.fromEntries(names.map((name, index) => [name, values[index]!]));
}

function confidence(text: string): number {
  const value = Number(text);
  if (value > 0.5 && value < 1) return value;
  throw new InvalidArgumentError('It lies between 0.5 and 1, as 0.95 does.');
}

function whole(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number from 1.');
}

function textOf(tail: TailRisk | SimulatedTail, tested: TailBacktest | undefined): string {
  const error = (name: keyof TailRisk): string =>
    'standardErrors' in tail ? ` (standard error ${digitsText(tail.standardErrors[name])})` : '';
  const rows = [
    ['Value at risk', `${digitsText(tail.valueAtRisk)}${error('valueAtRisk')}`],
    ['Expected shortfall', `${digitsText(tail.expectedShortfall)}${error('expectedShortfall')}`],
  ];
  if (tested) {
    const { exceedances, expected, sessions, frequency, independence, both } = tested;
    rows.push(
      ['Losses beyond', `${exceedances} of ${sessions} sessions, ${digitsText(expected)} expected`],
      ['Kupiec, frequency', `p ${digitsText(frequency.probability)}`],
      ['Christoffersen, independence', `p ${digitsText(independence.probability)}`],
      ['Both', `p ${digitsText(both.probability)}`],
    );
  }
  return tableText(['One session ahead', 'fraction of what is held'], rows);
}
