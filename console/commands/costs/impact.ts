import { Option, type Command } from 'commander';
import { estimateKyleLambda, type PriceImpact } from '#domain/costs/kyleLambda.ts';
import { timeframes, type Market, type Timeframe } from '#pipelines/features/timeframe.ts';
import { digitsText } from '../../figureText.ts';
import { tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';
import { tradedIntervals, type TradedIntervals } from './tradedIntervals.ts';

interface ImpactOptions {
  readonly trades: readonly string[];
  readonly timeframe: Timeframe;
  readonly market: Market;
  readonly book: 'quotes' | 'depth';
}

interface ToldImpact extends PriceImpact, Pick<TradedIntervals, 'symbol' | 'prices'> {
  readonly quotedSpreadFraction: number | null;
}

/** `costs impact`: Kyle's lambda of recorded trades and quotes, with its standard error; needs no server. */
export function registerCostsImpact(costs: Command, context: CommandContext): void {
  costs
    .command('impact')
    .description("estimate Kyle's lambda and the quoted spread from recorded trades and quotes")
    .requiredOption('--trades <files...>', 'recordings of trades, with quotes or depth: as `data replay` reads them')
    .addOption(
      new Option('--timeframe <length>', 'interval of net buying and price change').choices(timeframes).default('1m'),
    )
    .addOption(new Option('--market <market>', 'whose hours count').choices(['XNYS', 'continuous']).default('XNYS'))
    .addOption(new Option('--book <source>', 'where middles come from').choices(['quotes', 'depth']).default('quotes'))
    .action(async ({ trades, timeframe, market, book }: ImpactOptions) => {
      const told = (await tradedIntervals(trades, { timeframe, market, book, depthLevels: 1 })).map(
        ({ symbol, prices, changes, signedVolumes, quotedSpreadFraction = null }): ToldImpact => ({
          symbol,
          prices,
          ...estimateKyleLambda(changes, signedVolumes),
          quotedSpreadFraction,
        }),
      );
      context.answer({
        value: {
          timeframe,
          units: { lambda: 'dollars a share for each share bought net', quotedSpreadFraction: 'of the price' },
          symbols: told,
        },
        text: tableText(
          ['symbol', 'intervals', 'prices', 'lambda', 'standard error', 't', 'R squared', 'quoted spread bp'],
          told.map(rowOf),
        ),
      });
    });
}

function rowOf(told: ToldImpact): readonly string[] {
  return [
    told.symbol,
    String(told.observations),
    told.prices,
    digitsText(told.lambda),
    digitsText(told.standardError),
    told.tStatistic.toFixed(2),
    told.rSquared.toFixed(3),
    told.quotedSpreadFraction === null ? 'none' : (told.quotedSpreadFraction * 10_000).toFixed(2),
  ];
}
