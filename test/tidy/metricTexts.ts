import type { CurveName } from '#pipelines/validationEvidence.ts';
import type { EpochReport } from '#models/training.ts';
import type { BaselineFigures } from '#activities/trainingActivities.ts';
import type { WatchFindings } from '#activities/watchActivities.ts';
import type { ReturnFigures } from '#pipelines/metrics.ts';
import type { SelectionFigures } from '#pipelines/overfit/selectionFigures.ts';
import type { MonteCarloResult } from '#pipelines/monteCarlo.ts';
import type { WindowStatistics } from '#pipelines/walkForward.ts';

/** Formula, unit, source. The compiler holds every record below to the figures of its type. */
export type MetricText = readonly [formula: string, unit: string, source: string];

const definition = 'definition';
const hyndman = 'Hyndman and Fan 1996, type 7';

/** Of a curve of daily returns r, with the benchmark's returns b; equity starts at 1. */
export const returnTexts: Readonly<Record<keyof ReturnFigures, MetricText>> = {
  sessions: ['number of daily returns', 'sessions', definition],
  totalReturn: ['product of (1 + r), less 1', 'fraction', definition],
  annualReturn: ['(1 + totalReturn) ^ (252 / sessions) - 1', 'fraction a year', 'compound annual growth rate'],
  annualVolatility: ['s(r) * √252, s over n - 1', 'fraction a year', definition],
  downsideRisk: ['√mean(min(r, 0)²) * √252, over all sessions', 'fraction a year', 'Sortino and Price 1994'],
  sharpe: ['mean(r) / s(r) * √252, risk-free rate 0', 'ratio a year', 'Sharpe 1994'],
  sortino: ['mean(r) / √mean(min(r, 0)²) * √252, over all sessions', 'ratio a year', 'Sortino and Price 1994'],
  calmar: ['annualReturn / maximumDrawdown', 'ratio', 'Young 1991, over the whole curve'],
  omega: ['sum of the r > 0 over minus the sum of the r < 0', 'ratio', 'Keating and Shadwick 2002, at a rate of 0'],
  maximumDrawdown: ['largest 1 - equity / highest equity so far', 'fraction, positive', definition],
  longestDrawdownSessions: ['most sessions in a row below the highest equity so far', 'sessions', definition],
  ulcerIndex: ['√mean((1 - equity / highest equity so far)²)', 'fraction', 'Martin 1987'],
  stability: ['R² of log equity on time', 'fraction', 'as empyrical'],
  valueAtRisk95: ['minus the 5 % quantile of r', 'fraction a session, positive is a loss', `historical; ${hyndman}`],
  expectedShortfall95: [
    'minus the mean of the r at or below that quantile',
    'fraction a session, positive is a loss',
    'Rockafellar and Uryasev 2000',
  ],
  valueAtRisk99: ['minus the 1 % quantile of r', 'fraction a session, positive is a loss', `historical; ${hyndman}`],
  expectedShortfall99: [
    'minus the mean of the r at or below that quantile',
    'fraction a session, positive is a loss',
    'Rockafellar and Uryasev 2000',
  ],
  normalValueAtRisk95: [
    'minus (mean(r) + s(r) * z), z the 5 % quantile of the normal distribution',
    'fraction a session, positive is a loss',
    'parametric',
  ],
  skewness: ['third standardised moment, corrected for n (G1)', 'ratio', 'Joanes and Gill 1998'],
  excessKurtosis: ['fourth standardised moment less 3, corrected for n (G2)', 'ratio', 'Joanes and Gill 1998'],
  tailRatio: ['95 % quantile of r over its 5 % quantile, without signs', 'ratio', hyndman],
  winRate: ['sessions with r > 0 over sessions with r ≠ 0', 'fraction', definition],
  averageWin: ['mean of the r > 0', 'fraction a session', definition],
  averageLoss: ['minus the mean of the r < 0', 'fraction a session, positive', definition],
  payoffRatio: ['averageWin / averageLoss', 'ratio', definition],
  profitFactor: ['sum of the r > 0 over minus the sum of the r < 0', 'ratio', definition],
  beta: ['cov(r, b) / var(b), both over n - 1', 'ratio', 'Sharpe 1964'],
  alpha: ['(mean(r) - beta * mean(b)) * 252', 'fraction a year', 'Jensen 1968, risk-free rate 0'],
  correlation: ['cov(r, b) / (s(r) * s(b))', 'ratio from -1 to 1', 'Pearson 1895'],
  trackingError: ['s(r - b) * √252', 'fraction a year', 'Grinold and Kahn 1999'],
  informationRatio: ['mean(r - b) / s(r - b) * √252', 'ratio a year', 'Grinold and Kahn 1999'],
};

/** What the candidate's account did in a stretch, and what was done to it. */
export const activityTexts: Readonly<Record<string, MetricText>> = {
  trades: ['fills', 'count', 'backtest'],
  turnover: [
    'traded notional over the equity at the close before, mean over sessions',
    'fraction a session',
    'backtest',
  ],
  exposure: ['market value of shares over equity at the close, mean over sessions', 'fraction', 'backtest'],
  costsDollars: ['commissions and half spreads, sum', 'dollars', 'backtest, rates of `trading.costs`'],
  dividendsDollars: [
    'dividends credited on their ex-date, sum',
    'dollars',
    'backtest, implied by adjusted closes (CRSP)',
  ],
  deniedOrders: ['orders that the pre-trade checks refused', 'count', '`trading.limits`, SEC rule 15c3-5'],
  reductions: ['times the account became reducing', 'count', 'breaker, levels of `trading.limits`'],
  halts: ['times the account became halted', 'count', 'breaker, levels of `trading.limits`'],
  reducingSessions: ['sessions whose orders were planned reducing', 'sessions', 'breaker'],
  haltedSessions: ['sessions whose orders were planned halted', 'sessions', 'breaker'],
};

/** Of each curve beside the candidate's. */
export const baselineTexts: Readonly<Record<string, MetricText>> = {
  sharpe: ['sharpe of the curve, walk-forward', 'ratio a year', 'as above'],
  annualReturn: ['annualReturn of the curve, walk-forward', 'fraction a year', 'as above'],
  maximumDrawdown: ['maximumDrawdown of the curve, walk-forward', 'fraction, positive', 'as above'],
  holdoutSharpe: ['sharpe of the curve, holdout', 'ratio a year', 'as above'],
};

/** The curves beside the candidate's. */
export const curveTexts: Readonly<Record<Exclude<CurveName, 'network'>, string>> = {
  naive: "the training part's mean return for every symbol, sized, limited and weighed as the candidate",
  ridge:
    'ridge regression on the last session of each sample (Hoerl and Kennard 1970), sized, limited and weighed alike',
  equalWeight: 'equal parts of every symbol, bought at the first open and kept; no limit, no breaker',
  benchmark: "closes of the snapshot's benchmark; card and sheet say which index, and from when a stand-in",
};

/** Of the bootstrap and the plumbing, by their whole names. */
export const furtherTexts: Readonly<Record<string, MetricText>> = {
  'monteCarlo.sharpe.p05': ['5 % quantile of sharpe over the paths', 'ratio a year', 'Politis and Romano 1994'],
  'monteCarlo.maximumDrawdown.p95': [
    '95 % quantile of maximumDrawdown over the paths',
    'fraction, positive',
    'Politis and Romano 1994',
  ],
  'monteCarlo.ruinProbability': [
    'paths whose maximumDrawdown exceeds 30 %, over all',
    'fraction',
    'Politis and Romano 1994',
  ],
  'plumbing.figuresFinite': [
    '1 when every daily return of every curve is finite and the figures of candidate and benchmark are defined, else 0',
    '0 or 1',
    definition,
  ],
  'plumbing.windowsCompleteFraction': ['windows judged over windows that the plan asks for', 'fraction', definition],
  'plumbing.artifactDigestVerified': [
    '1: without the registered bytes there is no report',
    '0 or 1',
    'SHA-256 of the artifact',
  ],
};

/** Of the stitched curve, after the trials it was chosen from. */
export const selectionTexts: Readonly<Record<keyof SelectionFigures, MetricText>> = {
  trials: ['specifications that the search tried; 1 where nobody searched', 'count', 'tag `plimsoll.trials`'],
  sharpeError: [
    'standard error of walkForward.sharpe, Bartlett window of 4 (n / 100) ^ (2 / 9) lags',
    'ratio a year',
    'Lo 2002; Newey and West 1987',
  ],
  probabilisticSharpe: [
    'probability that the true ratio exceeds 0, from n, skewness and kurtosis',
    'probability',
    'Bailey and Lopez de Prado 2012',
  ],
  expectedMaximumSharpe: [
    'expected maximum of `trials` worthless ones, which spread by a variance of 1 / (n - 1) a session',
    'ratio a year',
    'Bailey and Lopez de Prado 2014',
  ],
  deflatedSharpe: [
    'probability that the true ratio exceeds the expected maximum',
    'probability',
    'Bailey and Lopez de Prado 2014',
  ],
  minimumTrackRecordSessions: [
    'sessions it takes to tell the ratio from 0 with 95 % confidence',
    'sessions',
    'Bailey and Lopez de Prado 2012',
  ],
};

/** Over the windows of a walk-forward, which overlap; no gate reads them. */
export const windowTexts: Readonly<Record<keyof WindowStatistics, MetricText>> = {
  windows: ['windows judged', 'count', definition],
  undefinedWindows: ['windows whose sharpe is undefined', 'count', definition],
  meanSharpe: ["mean of the windows' sharpe", 'ratio a year', definition],
  meanSharpeError: [
    'standard error of meanSharpe over `overlappingWindows` lags of a Bartlett window',
    'ratio a year',
    'Newey and West 1987',
  ],
  overlappingWindows: ['most windows after one that begin before its test ends', 'count', definition],
  stdSharpe: [
    "standard deviation of the windows' sharpe, over n - 1; overlap makes it small",
    'ratio a year',
    definition,
  ],
  minSharpe: ["least of the windows' sharpe", 'ratio a year', definition],
  consistency: ['windows with a positive sharpe over all', 'fraction', definition],
};

/** Over the paths of the bootstrap, as card and sheet show them. */
export const simulationTexts: Readonly<Record<Exclude<keyof MonteCarloResult, 'fan' | 'fanSessions'>, MetricText>> = {
  method: [
    'blocks of geometric length, the same stretches in other orders, or a fitted GARCH(1,1)',
    '`bootstrap`, `reshuffle` or `garch`',
    'Politis and Romano 1994; Durstenfeld 1964; Bollerslev 1986',
  ],
  paths: ['paths as long as the curve', 'count', definition],
  totalReturn: ['quantiles of totalReturn over the paths', 'fraction', hyndman],
  maximumDrawdown: ['quantiles of maximumDrawdown over the paths', 'fraction, positive', hyndman],
  sharpe: ['quantiles of sharpe over the paths whose returns vary', 'ratio a year', hyndman],
  ruinProbability: ['paths whose maximumDrawdown exceeds 30 %, over all', 'fraction', definition],
  lossProbability: ['paths that end below their start, over all', 'fraction', definition],
};

type BaselineFigure = keyof BaselineFigures[string];

/** Of training: each epoch, then each forecaster on the validation part. */
export const trainingTexts: Readonly<Record<Exclude<keyof EpochReport, 'epoch'> | BaselineFigure, MetricText>> = {
  trainingLoss: ['mean squared error of standardised labels, training part', 'squared deviations', definition],
  validationLoss: ['mean squared error of standardised labels, validation part', 'squared deviations', definition],
  samplesPerSecond: ['samples of the epoch over its seconds', 'samples a second', definition],
  meanSquaredError: [
    'mean of (forecast - label)²; in MLflow `validation.NAME.meanSquaredError`',
    'squared returns',
    definition,
  ],
  rankCorrelation: [
    'correlation of ranks, ties sharing theirs; in MLflow `validation.NAME.rankCorrelation`',
    'ratio from -1 to 1',
    'Spearman 1904',
  ],
};

/** Of a champion that trades. */
export const watchTexts: Readonly<Record<Exclude<keyof WatchFindings, 'verdict' | 'driftedFeature'>, MetricText>> = {
  featureDrift: [
    "population stability index over the reference's deciles, of the most drifted feature",
    'nats; over 0.25 is read as another population',
    'Siddiqi 2006',
  ],
  returnGapInErrors: [
    '(mean live return - walkForward.annualReturn / 252) / (s / √n), from 20 sessions on',
    'standard errors',
    definition,
  ],
};
