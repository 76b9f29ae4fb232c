import { InvalidArgumentError } from 'commander';
import { Failure } from '#domain/failure.ts';
import { correlationBreaks, exponentialCorrelation, rollingCorrelation } from '#domain/risk/correlation.ts';
import { tableText } from '../../answer.ts';
import type { CommandRegistration } from '../../context.ts';
import { digitsText } from '../../figureText.ts';
import { fraction, overZero, wholeOverZero } from '../costs/figureOptions.ts';
import { fitting } from './fitting.ts';
import { readPortfolioFile, type PortfolioFile } from './portfolioFile.ts';

interface CorrelationOptions {
  readonly returns: string;
  readonly window: number;
  readonly decay: number;
  readonly recent: number;
  readonly deviations: number;
  readonly pair?: readonly [string, string];
}

/** Correlation of two assets over time; NaN, told as null, where a side does not vary. */
interface PairCorrelation {
  readonly pair: readonly [string, string];
  /** Shape [sessions - window + 1]. */
  readonly rolling: Float64Array;
  /** Shape [sessions]. */
  readonly exponential: Float64Array;
}

/** `risk correlation`: how assets move together, and where that has changed. */
export const registerRiskCorrelation: CommandRegistration = (risk, context) => {
  risk
    .command('correlation')
    .description('rolling and exponentially weighted correlation of assets, and the pairs where it broke')
    .requiredOption('--returns <file>', 'CSV (plain or gzip) or Parquet of simple returns, a column an asset')
    .option('--window <sessions>', 'that a rolling correlation looks at', wholeOverZero, 63)
    .option('--decay <fraction>', 'weight of a session for each one since', fraction, 0.94)
    .option('--recent <sessions>', 'newest ones that are held against those before', wholeOverZero, 63)
    .option('--deviations <number>', 'of what chance moves a correlation by, over which a pair is told', overZero, 3)
    .option('--pair <a,b>', 'every session of one pair, not the newest of all', asPair)
    .action(async (options: CorrelationOptions) => {
      const file = await readPortfolioFile(options.returns, undefined);
      if (file.names.length < 2) throw new Failure('RISK_METHOD_UNFIT', 'one asset has no correlation', {});
      const { window: windowSessions, decay, recent: recentSessions, deviations: deviationsMax } = options;
      const pairs = fitting(() => pairsOf(file, options));
      const breaks = fitting(() => correlationBreaks(file.returns, { recentSessions, deviationsMax })).map(
        ({ pair: [one, other], ...broken }) => ({ pair: [file.names[one]!, file.names[other]!], ...broken }),
      );
      const { from, to, rowsWithoutFigure } = file;
      context.answer({
        value: {
          returns: options.returns,
          sessions: file.portfolio.length,
          from,
          to,
          rowsWithoutFigure,
          windowSessions,
          decay,
          recentSessions,
          deviationsMax,
          pairs: pairs.map((pair) => newest(pair)),
          breaks,
          ...(options.pair && { overTime: overTime(pairs[0]!, file) }),
        },
        text: [
          tableText(
            ['pair', `last ${windowSessions} sessions`, 'exponential'],
            pairs
              .map(newest)
              .map(({ pair, rolling, exponential }) => [pair.join(' '), digitsText(rolling), digitsText(exponential)]),
          ),
          '',
          ...(breaks.length === 0
            ? [
                `No correlation of the last ${recentSessions} sessions is further from those before than chance explains.`,
              ]
            : breaks.map(
                ({ pair, before, now, deviations }) =>
                  `${pair.join(' ')} broke: ${digitsText(before)} before, ${digitsText(now)} in the last ${recentSessions} sessions, ${digitsText(deviations)} deviations.`,
              )),
        ].join('\n'),
      });
    });
};

function pairsOf({ names, returns }: PortfolioFile, options: CorrelationOptions): readonly PairCorrelation[] {
  const { pair: asked, window: windowSessions, decay } = options;
  const unknown = asked?.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Failure('COMMAND_UNKNOWN', `the file has no column ${unknown}`, { unknown });
  const all = names.flatMap((one, first) => names.slice(first + 1).map((other) => [one, other] as const));
  return (asked ? [asked] : all).map((pair) => {
    const [one, other] = pair.map((name) => returns[names.indexOf(name)]!) as [Float64Array, Float64Array];
    return {
      pair,
      rolling: rollingCorrelation(one, other, windowSessions),
      exponential: exponentialCorrelation(one, other, decay),
    };
  });
}

function newest({ pair, rolling, exponential }: PairCorrelation): {
  readonly pair: readonly [string, string];
  readonly rolling: number | null;
  readonly exponential: number | null;
} {
  return { pair, rolling: figure(rolling.at(-1)), exponential: figure(exponential.at(-1)) };
}

/** One entry a session; the rolling figure is null until its window is full. */
function overTime(
  { rolling, exponential }: PairCorrelation,
  { stamps }: PortfolioFile,
): readonly Readonly<Record<string, string | number | null>>[] {
  const before = exponential.length - rolling.length;
  return Array.from(exponential, (value, session) => ({
    ...(stamps && { session: stamps[session]! }),
    rolling: session < before ? null : figure(rolling[session - before]),
    exponential: figure(value),
  }));
}

function figure(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

function asPair(text: string): readonly [string, string] {
  const [one = '', other = '', ...more] = text.split(',').map((name) => name.trim());
  if (one === '' || other === '' || one === other || more.length > 0) {
    throw new InvalidArgumentError('write two names, as A,B.');
  }
  return [one, other];
}
