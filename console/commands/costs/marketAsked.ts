import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { defaultCostRates } from '#domain/costs.ts';
import { marketOfBars, type BarsMarket, type SpreadEstimator } from '#domain/costs/marketOfBars.ts';
import { modelledSpread } from '#domain/costs/spreadModel.ts';
import { Failure } from '#domain/failure.ts';
import { sessionsPerYear } from '#domain/sessionsPerYear.ts';
import { readDailyBars } from './dailyBars.ts';

/** What was said of the market an order trades in. */
export interface MarketOptions {
  readonly symbol: string;
  readonly price: number;
  readonly averageDailyVolume?: number;
  readonly volatility?: number;
  readonly bars?: string;
  readonly spreadBasisPoints?: number;
  readonly spreadEstimator?: SpreadEstimator;
  readonly spreadModel?: string;
}

/** The market as it is taken, and where its spread is from. */
export interface MarketTaken {
  readonly averageDailyVolume: number;
  readonly dailyVolatility: number;
  readonly spreadFraction: number;
  readonly spreadFrom: string;
}

/**
 * The market that options and bars describe; an option wins over the bars.
 * @throws Failure COST_INPUT_INVALID naming what is missing or contradicts itself; what reading bars throws
 */
export async function marketAsked(options: MarketOptions): Promise<MarketTaken> {
  const bars = options.bars === undefined ? undefined : await marketOfFile(options.bars, options.symbol);
  const averageDailyVolume = options.averageDailyVolume ?? bars?.averageDailyVolume;
  const dailyVolatility =
    options.volatility === undefined ? bars?.dailyVolatility : options.volatility / Math.sqrt(sessionsPerYear);
  if (averageDailyVolume === undefined || dailyVolatility === undefined) {
    const option = averageDailyVolume === undefined ? '--average-daily-volume' : '--volatility';
    throw invalid(`give ${option}, or --bars that tell it`);
  }
  if (averageDailyVolume === 0) throw invalid('nothing has traded in the bars given');
  const taken = { averageDailyVolume, dailyVolatility };
  return { ...taken, ...(await spreadAsked(options, taken, bars)) };
}

async function marketOfFile(path: string, symbol: string): Promise<BarsMarket> {
  const all = await readDailyBars(path);
  const [only] = all;
  const found = all.length === 1 && only?.symbol === undefined ? only : all.find((bars) => bars.symbol === symbol);
  if (found === undefined) throw invalid(`${path} has no bars of ${symbol}`);
  return marketOfBars(found);
}

async function spreadAsked(
  { spreadBasisPoints, spreadEstimator, spreadModel, price }: MarketOptions,
  market: Pick<MarketTaken, 'averageDailyVolume' | 'dailyVolatility'>,
  bars: BarsMarket | undefined,
): Promise<Pick<MarketTaken, 'spreadFraction' | 'spreadFrom'>> {
  const ways = [spreadBasisPoints, spreadEstimator, spreadModel].filter((way) => way !== undefined);
  if (ways.length > 1) throw invalid('give one of --spread-basis-points, --spread-estimator and --spread-model');
  if (spreadBasisPoints !== undefined) return { spreadFraction: spreadBasisPoints / 10_000, spreadFrom: 'given' };
  if (spreadModel !== undefined) {
    const dailyDollarVolume = market.averageDailyVolume * price;
    if (market.dailyVolatility === 0) throw invalid('a model of spreads needs a volatility over 0');
    const model = await readModel(spreadModel);
    return {
      spreadFraction: modelledSpread(model, { dailyVolatility: market.dailyVolatility, dailyDollarVolume }),
      spreadFrom: `model of ${spreadModel}`,
    };
  }
  if (spreadEstimator !== undefined) {
    if (bars === undefined) throw invalid('--spread-estimator needs --bars');
    const { spreadFraction } = bars.spreads[spreadEstimator];
    if (spreadFraction === undefined) throw invalid(`the bars tell no spread by ${spreadEstimator}: give another`);
    return { spreadFraction, spreadFrom: spreadEstimator };
  }
  return { spreadFraction: (2 * defaultCostRates.halfSpreadBasisPoints) / 10_000, spreadFrom: 'default' };
}

const modelFile = z.object({
  model: z.object({ constant: z.number(), volatilityExponent: z.number(), volumeExponent: z.number() }),
});

async function readModel(path: string): Promise<z.infer<typeof modelFile>['model']> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Failure('FILE_UNREADABLE', `${path}: ${(error as Error).message}`, { path }, { cause: error });
  });
  try {
    return modelFile.parse(JSON.parse(text)).model;
  } catch (error) {
    throw new Failure('COST_INPUT_INVALID', `${path} holds no model of spreads`, { path }, { cause: error });
  }
}

function invalid(problem: string): Failure {
  return new Failure('COST_INPUT_INVALID', problem, {});
}
