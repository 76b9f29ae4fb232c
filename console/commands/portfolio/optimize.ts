import { InvalidArgumentError, Option, type Command } from 'commander';
import { Failure } from '#domain/failure.ts';
import { returnsOfPrices, type AssetReturns } from '#domain/portfolio/assetReturns.ts';
import { blackLitterman, usualPrior } from '#domain/portfolio/blackLitterman.ts';
import {
  covarianceMethods,
  dailyTerms,
  estimateCovariance,
  type CovarianceMethod,
} from '#domain/portfolio/covariance.ts';
import {
  expectedReturnMethods,
  expectedReturns,
  type ExpectedReturnMethod,
} from '#domain/portfolio/expectedReturns.ts';
import { exposures } from '#domain/portfolio/exposure.ts';
import type { Moments } from '#domain/portfolio/frontier.ts';
import { leafOrders, type LeafOrder } from '#domain/portfolio/hierarchicalRiskParity.ts';
import { valuesOf, type NamedConstraints, type WeightRange } from '#domain/portfolio/namedConstraints.ts';
import { optimisePortfolio, type PortfolioObjective } from '#domain/portfolio/optimisePortfolio.ts';
import { portfolioFigures } from '#domain/portfolio/portfolioFigures.ts';
import { readConstraints, readSectors, readViews } from '#infra/configuration/portfolioFiles.ts';
import { readPriceFile } from '#infra/fileDrop/priceFile.ts';
import { tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';

const objectives = [
  'min-variance',
  'max-sharpe',
  'efficient-risk',
  'efficient-return',
  'mean-cvar',
  'black-litterman',
  'risk-parity',
  'hrp',
  'herc',
  'equal-weight',
] as const;

interface OptimizeOptions {
  readonly prices: string;
  readonly objective: (typeof objectives)[number];
  readonly expectedReturns: ExpectedReturnMethod;
  readonly covariance: CovarianceMethod;
  readonly riskFreeRate: number;
  readonly targetReturn?: number;
  readonly targetVolatility?: number;
  readonly confidence: number;
  readonly periodsPerYear: number;
  readonly span: number;
  readonly leafOrder: LeafOrder;
  readonly groups?: number;
  readonly market?: string;
  readonly bounds?: WeightRange;
  readonly sectors?: string;
  readonly constraints?: string;
  readonly views?: string;
}

/** `portfolio optimize`: weights for an objective under constraints; needs no server. */
export function registerPortfolioOptimize(portfolio: Command, context: CommandContext): void {
  const { periodsPerYear, span } = dailyTerms;
  portfolio
    .command('optimize')
    .description('weights for an objective, from a file of prices; every answer is proven, or refused by name')
    .requiredOption(
      '--prices <file>',
      'CSV or Parquet: date and a column of closes for each asset; or date, symbol, close',
    )
    .addOption(new Option('--objective <name>', 'what is sought').choices(objectives).makeOptionMandatory())
    .addOption(new Option('--expected-returns <method>').choices(expectedReturnMethods).default('mean'))
    .addOption(new Option('--covariance <method>').choices(covarianceMethods).default('sample'))
    .option('--risk-free-rate <fraction>', 'a year, 0.03 is three percent', asNumber, 0)
    .option(
      '--target-return <fraction>',
      'a year after costs: of efficient-return, and of mean-cvar if given',
      asNumber,
    )
    .option('--target-volatility <fraction>', 'a year: of efficient-risk', asNumber)
    .option('--confidence <fraction>', 'of mean-cvar: 0.95 looks at the worst twentieth of the periods', asNumber, 0.95)
    .option('--periods-per-year <number>', 'rows of the file in a year', asPositive, periodsPerYear)
    .option('--span <periods>', 'of exponential weights', asPositive, span)
    .addOption(new Option('--leaf-order <order>', 'of hrp').choices(leafOrders).default('merged'))
    .option('--groups <number>', 'of herc: groups the tree is cut into; found where splitting stops to pay', asPositive)
    .option('--market <column>', 'of capm: the column of the market, which is no asset; equal weights without it')
    .option('--bounds <min,max>', 'weight of every asset, 0,1 without it; a negative min allows selling short', asRange)
    .option('--sectors <file>', 'YAML: sector, its assets, min and max')
    .option('--constraints <file>', 'YAML: bounds, assets, sectors, held, turnoverMax, costs, leverageMax and more')
    .option('--views <file>', 'YAML: views with confidence, and weights of the market, of black-litterman')
    .action(async (options: OptimizeOptions) => answer(context, options));
}

async function answer(context: CommandContext, options: OptimizeOptions): Promise<void> {
  const { objective, riskFreeRate } = options;
  const { history, market } = await historyOf(options);
  const { matrix, report } = estimateCovariance(history, options.covariance, options);
  const expected = expectedReturns(history, options.expectedReturns, {
    periodsPerYear: options.periodsPerYear,
    span: options.span,
    riskFreeRate,
    ...(market && { market }),
  });
  const prior: Moments = { assets: history.assets, expected, covariance: matrix };
  const moments = objective === 'black-litterman' ? await withViews(prior, options) : prior;
  const constraints = await constraintsOf(options);
  const { weights, solver } = optimisePortfolio(objectiveOf(options), { moments, history, constraints });
  const sectors = Object.entries(constraints.sectors ?? {}).map(([name, { assets }]) => [
    name,
    Float64Array.from(history.assets, (asset) => (assets.includes(asset) ? 1 : 0)),
  ]);
  const figures = portfolioFigures(weights, { moments, history, riskFreeRate });
  const rows = history.assets.map((asset, place) => [
    asset,
    weights[place]!.toFixed(6),
    figures.riskContributions[place]!.toFixed(6),
    moments.expected[place]!.toFixed(6),
  ]);
  const { diversification: spread } = figures;
  context.answer({
    value: {
      objective,
      weights: Object.fromEntries(history.assets.map((asset, place) => [asset, weights[place]])),
      expected: figures,
      sectors: exposures(weights, Object.fromEntries(sectors)),
      expectedReturns: Object.fromEntries(history.assets.map((asset, place) => [asset, moments.expected[place]])),
      covariance: report,
      solver,
    },
    text: [
      tableText(['asset', 'weight', 'part of risk', 'expected return a year'], rows),
      '',
      `expected return a year ${figures.expectedReturn.toFixed(6)}, volatility ${figures.volatility.toFixed(6)}, Sharpe ${figures.sharpe.toFixed(4)}`,
      `mean loss of the worst twentieth of the periods ${figures.conditionalValueAtRisk95.toFixed(6)}`,
      `effective positions ${spread.effectivePositions.toFixed(2)}, diversification ratio ${spread.ratio.toFixed(3)}, correlation-weighted exposure ${spread.correlationWeightedExposure.toFixed(3)}`,
      `${solver.method}: ${solver.iterations} steps, ${solver.programs} programs, residuals ${Object.values(
        solver.residuals,
      )
        .map((value) => value.toExponential(1))
        .join(', ')}`,
      `covariance ${report.method}, repair ${report.repair.kind}`,
    ].join('\n'),
  });
}

async function historyOf({
  prices,
  market,
}: OptimizeOptions): Promise<{ readonly history: AssetReturns; readonly market: Float64Array | undefined }> {
  const series = await readPriceFile(prices);
  if (market === undefined) return { history: returnsOfPrices(series), market: undefined };
  const column = series.filter(({ name }) => name === market);
  if (column.length === 0)
    throw new Failure('PORTFOLIO_INPUT_INVALID', `${prices} has no prices of ${market}`, { market });
  return {
    history: returnsOfPrices(series.filter(({ name }) => name !== market)),
    market: returnsOfPrices(column).returns[0],
  };
}

function objectiveOf(options: OptimizeOptions): PortfolioObjective {
  const { objective, riskFreeRate, targetReturn, targetVolatility, confidence, leafOrder, groups } = options;
  if (objective === 'efficient-risk') {
    if (targetVolatility === undefined) throw missing(objective, '--target-volatility');
    return { kind: objective, volatilityMax: targetVolatility };
  }
  if (objective === 'efficient-return') {
    if (targetReturn === undefined) throw missing(objective, '--target-return');
    return { kind: objective, returnMin: targetReturn };
  }
  if (objective === 'mean-cvar') {
    return { kind: objective, confidence, ...(targetReturn !== undefined && { returnMin: targetReturn }) };
  }
  if (objective === 'max-sharpe' || objective === 'black-litterman') return { kind: 'max-sharpe', riskFreeRate };
  if (objective === 'herc') return { kind: objective, ...(groups !== undefined && { groups }) };
  return objective === 'hrp' ? { kind: objective, leafOrder } : { kind: objective };
}

async function constraintsOf({ bounds, sectors, constraints }: OptimizeOptions): Promise<NamedConstraints> {
  return {
    ...(constraints !== undefined && (await readConstraints(constraints))),
    ...(bounds && { bounds }),
    ...(sectors !== undefined && { sectors: await readSectors(sectors) }),
  };
}

async function withViews({ assets, covariance }: Moments, { views, riskFreeRate }: OptimizeOptions): Promise<Moments> {
  if (views === undefined) throw missing('black-litterman', '--views');
  const { market, riskAversion, doubt, views: given } = await readViews(views);
  return blackLitterman(
    {
      assets,
      covariance,
      riskFreeRate,
      market: market ? valuesOf(market, assets, 'market') : new Float64Array(assets.length).fill(1),
      riskAversion: riskAversion ?? usualPrior.riskAversion,
      doubt: doubt ?? usualPrior.doubt,
    },
    given.map((view, place) => ({
      combination: valuesOf(view.assets, assets, `view ${place + 1}`),
      expected: view.return,
      confidence: view.confidence,
    })),
  );
}

function missing(objective: string, option: string): Failure {
  return new Failure('COMMAND_UNKNOWN', `${objective} needs ${option}`, { option });
}

function asNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('write a number.');
  return value;
}

function asPositive(text: string): number {
  const value = asNumber(text);
  if (!(value > 0)) throw new InvalidArgumentError('write a number over 0.');
  return value;
}

function asRange(text: string): WeightRange {
  const [min, max, ...rest] = text.split(',').map(asNumber);
  if (min === undefined || max === undefined || rest.length > 0) throw new InvalidArgumentError('write MIN,MAX.');
  return { min, max };
}
