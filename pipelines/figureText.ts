import type { ReturnFigures } from './metrics.ts';
import type { SelectionFigures } from './overfit/selectionFigures.ts';

const labels: Readonly<Record<keyof ReturnFigures, string>> = {
  sessions: 'Sessions',
  totalReturn: 'Total return',
  annualReturn: 'Annual return',
  annualVolatility: 'Annual volatility',
  downsideRisk: 'Downside deviation',
  sharpe: 'Sharpe ratio',
  sortino: 'Sortino ratio',
  calmar: 'Calmar ratio',
  omega: 'Omega ratio',
  maximumDrawdown: 'Maximum drawdown',
  longestDrawdownSessions: 'Longest drawdown, sessions',
  ulcerIndex: 'Ulcer index',
  stability: 'Stability of growth',
  valueAtRisk95: 'Value at risk, 95 %',
  expectedShortfall95: 'Expected shortfall, 95 %',
  valueAtRisk99: 'Value at risk, 99 %',
  expectedShortfall99: 'Expected shortfall, 99 %',
  normalValueAtRisk95: 'Value at risk if normal, 95 %',
  skewness: 'Skewness',
  excessKurtosis: 'Excess kurtosis',
  tailRatio: 'Tail ratio',
  winRate: 'Days won',
  averageWin: 'Average winning day',
  averageLoss: 'Average losing day',
  payoffRatio: 'Payoff ratio',
  profitFactor: 'Profit factor',
  beta: 'Beta to the benchmark',
  alpha: 'Alpha to the benchmark',
  correlation: 'Correlation with the benchmark',
  trackingError: 'Tracking error',
  informationRatio: 'Information ratio',
};

/** Figures in the order in which people read them. */
export const figureOrder: readonly (keyof ReturnFigures)[] = Object.keys(labels) as (keyof ReturnFigures)[];

/** Of a curve that was chosen. */
const selectionLabels: Readonly<Record<keyof SelectionFigures, string>> = {
  trials: 'Specifications tried',
  sharpeError: 'Standard error of the Sharpe ratio',
  probabilisticSharpe: 'Probability that the true Sharpe ratio exceeds zero',
  expectedMaximumSharpe: 'Sharpe ratio expected of the best of as many worthless ones',
  deflatedSharpe: 'Probability that the true Sharpe ratio exceeds that',
  minimumTrackRecordSessions: 'Sessions needed to tell it from zero',
};

/** Of an account that was played. */
const activityLabels: Readonly<Record<string, string>> = {
  trades: 'Fills',
  turnover: 'Turnover a session',
  exposure: 'Invested part of equity',
  costsDollars: 'Commission, spread, impact',
  dividendsDollars: 'Dividends',
};
const known: Readonly<Record<string, string>> = { ...labels, ...selectionLabels, ...activityLabels };

/** A figure's name in words; a name that is words already stays. */
export function figureLabel(name: string): string {
  return Object.hasOwn(known, name) ? known[name]! : name;
}

const counts =
  /(?:^|\.)(?:sessions|trials|minimumTrackRecordSessions|longestDrawdownSessions|windows|trades|paths|rows|deniedOrders|reductions|halts|reducingSessions|haltedSessions|figuresFinite|artifactDigestVerified)$/i;
const ratios = /sharpe|sortino|calmar|omega|ratio|factor|beta|skewness|kurtosis|stability|correlation/i;
const undefinedText = '–';

/**
 * A figure as people read it: counts and dollars whole, ratios with two digits, everything else a fraction shown in
 * percent.
 * @param name decides the unit
 * @param value null where the figure is undefined: a dash
 */
export function figureText(name: string, value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return undefinedText;
  if (counts.test(name)) return grouped(Math.round(value).toString());
  if (name.endsWith('Dollars')) return dollarText(Math.round(value));
  if (ratios.test(name)) return signed(value.toFixed(2));
  return percentText(value);
}

/** A fraction beside an axis: `12.5 %`, without digits that say nothing. */
export function axisPercentText(value: number): string {
  return `${Number((value * 100).toFixed(1))} %`.replace('-', '−');
}

/** A fraction in percent with as many digits as it bears: 0.1234 is 12.3 %, 0.0123 is 1.23 %, 12 is 1,200 %. */
export function percentText(fraction: number): string {
  const percent = fraction * 100;
  const digits = Math.abs(percent) < 9.995 ? 2 : Math.abs(percent) < 99.95 ? 1 : 0;
  return `${signed(grouped(percent.toFixed(digits)))} %`;
}

/** A true minus sign, and none before what rounds to zero. */
function signed(text: string): string {
  return /^-[0.,]+$/.test(text) ? text.slice(1) : text.replace(/^-/, '−');
}

function grouped(text: string): string {
  return text.replace(/\B(?<!\.\d*)(?=(?:\d{3})+(?!\d))/g, ',');
}

function dollarText(dollars: number): string {
  return `${dollars < 0 ? '−' : ''}$${grouped(Math.abs(dollars).toString())}`;
}
