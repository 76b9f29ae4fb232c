import type { Command } from 'commander';
import { marketOfBars, marketSessions, spreadEstimators, type BarsMarket } from '#domain/costs/marketOfBars.ts';
import { fitSpreadModel, spreadObservationsMin, type SpreadModel } from '#domain/costs/spreadModel.ts';
import { sessionsPerYear } from '#domain/sessionsPerYear.ts';
import { digitsText } from '../../figureText.ts';
import { tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';
import { readDailyBars } from './dailyBars.ts';
import { wholeOverZero } from './figureOptions.ts';

interface SpreadOptions {
  readonly input: string;
  readonly sessions: number;
}

interface ToldMarket {
  readonly symbol: string | null;
  readonly market: BarsMarket;
}

/** `costs spread`: spreads told from daily bars, and how volatility and volume make them; needs no server. */
export function registerCostsSpread(costs: Command, context: CommandContext): void {
  costs
    .command('spread')
    .description('tell quoted spreads from daily bars, and fit them to volatility and volume where symbols are many')
    .requiredOption('--input <file>', 'CSV (plain or gzip) or Parquet of daily bars: high, low, close, volume')
    .option('--sessions <count>', 'newest sessions that are looked at', wholeOverZero, marketSessions)
    .action(async ({ input, sessions }: SpreadOptions) => {
      const told = (await readDailyBars(input)).map(({ symbol = null, ...bars }) => ({
        symbol,
        market: marketOfBars(bars, sessions),
      }));
      const model = modelOf(told);
      context.answer({
        value: { input, unit: 'fraction of the price', symbols: told.map(valueOf), model: model ?? null },
        text: [
          tableText(
            [
              'symbol',
              'sessions',
              'volume a day',
              'volatility a year',
              ...spreadEstimators.map((name) => `${name} bp`),
            ],
            told.map(rowOf),
          ),
          ...(model ? [modelText(model)] : []),
        ].join('\n\n'),
      });
    });
}

/** Fitted to Abdi and Ranaldo's spreads where they are told of enough symbols. */
function modelOf(told: readonly ToldMarket[]): SpreadModel | undefined {
  const observations = told.flatMap(({ market }) => {
    const { spreadFraction } = market.spreads['abdi-ranaldo'];
    const { dailyVolatility, dailyDollarVolume } = market;
    if (spreadFraction === undefined || dailyVolatility === 0 || dailyDollarVolume === 0) return [];
    return [{ spreadFraction, dailyVolatility, dailyDollarVolume }];
  });
  return observations.length < spreadObservationsMin ? undefined : fitSpreadModel(observations);
}

function valueOf({ symbol, market }: ToldMarket): Readonly<Record<string, unknown>> {
  const { spreads, dailyVolatility, ...rest } = market;
  return {
    symbol,
    ...rest,
    dailyVolatility,
    yearlyVolatility: dailyVolatility * Math.sqrt(sessionsPerYear),
    spreads: Object.fromEntries(
      spreadEstimators.map((name) => {
        const { spreadFraction = null, standardError = null, observations } = spreads[name];
        return [name, { spreadFraction, standardError, observations }];
      }),
    ),
  };
}

function rowOf({ symbol, market }: ToldMarket): readonly string[] {
  return [
    symbol ?? '',
    String(market.sessions),
    Math.round(market.averageDailyVolume).toLocaleString('en-US'),
    digitsText(market.dailyVolatility * Math.sqrt(sessionsPerYear)),
    ...spreadEstimators.map((name) => {
      const { spreadFraction, standardError } = market.spreads[name];
      if (spreadFraction === undefined || standardError === undefined) return 'none told';
      return `${(spreadFraction * 10_000).toFixed(1)} ± ${(standardError * 10_000).toFixed(1)}`;
    }),
  ];
}

function modelText(model: SpreadModel): string {
  const { constant, volatilityExponent, volumeExponent, standardErrors, rSquared, observations } = model;
  const [ofConstant, ofVolatility, ofVolume] = standardErrors.map((error) => error.toFixed(3));
  return [
    `spread = exp(${constant.toFixed(3)}) * volatility a day ^ ${volatilityExponent.toFixed(3)} * dollars a day ^ ${volumeExponent.toFixed(3)}`,
    `standard errors ${ofConstant}, ${ofVolatility}, ${ofVolume}; R squared ${rSquared.toFixed(3)}; ${observations} symbols`,
  ].join('\n');
}
