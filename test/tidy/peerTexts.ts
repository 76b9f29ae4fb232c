import type { ReturnFigures } from '#pipelines/metrics.ts';

/** How a library defines a figure otherwise, and how theirs follows from the same returns. */
export type PeerText = readonly [figure: keyof ReturnFigures, library: string, theirs: string];

/** Figures on which libraries and we disagree by definition; tests hold each difference to ten digits. */
export const peerTexts: readonly PeerText[] = [
  ['informationRatio', 'empyrical, quantstats', 'of one session: ours / √252'],
  ['alpha', 'empyrical', 'compounded: (1 + alpha of a session) ^ 252 - 1'],
  ['ulcerIndex', 'quantstats', 'over n - 1'],
  ['ulcerIndex', 'ffn', 'in percent, and the first price counts as a session without drawdown'],
  ['valueAtRisk95', 'quantstats', 'that of a normal: our `normalValueAtRisk95`'],
  ['expectedShortfall95', 'quantstats', 'that of a normal with the mean and deviation of the returns'],
  [
    'valueAtRisk95',
    'skfolio',
    'one of the returns, the first with more than 5 % of all at or below it; ours lies between two',
  ],
  ['expectedShortfall95', 'skfolio', 'mean of the worst 5 % of all exactly, a return at the border in part'],
  ['skewness', 'skfolio', 'not corrected for n (g1)'],
  ['excessKurtosis', 'skfolio', 'not corrected for n, and 3 for a normal'],
  ['downsideRisk', 'skfolio', 'of the returns below their mean, over n - 1, unless told otherwise'],
  ['sortino', 'skfolio', 'mean(r) / that deviation, of a session'],
  ['calmar', 'skfolio', 'mean(r) / maximumDrawdown, of a session'],
  ['maximumDrawdown', 'skfolio', 'of summed returns; compounded, as ours, when told so'],
  ['annualReturn', 'skfolio', 'mean(r) * 252'],
];
