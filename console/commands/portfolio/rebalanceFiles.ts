import { Failure } from '#domain/failure.ts';
import { money, moneyFromDollars, shares, type Money, type Shares } from '#domain/money.ts';
import { returnsOfPrices, type AssetReturns } from '#domain/portfolio/assetReturns.ts';
import type { DriftLimits } from '#domain/portfolio/driftLimits.ts';
import type { Loadings } from '#domain/portfolio/exposure.ts';
import type { Holdings } from '#domain/rebalance.ts';
import { readExposures } from '#infra/configuration/portfolioFiles.ts';
import { headingOf, readNamedFigures } from '#infra/fileDrop/namedFigures.ts';
import { readSeriesFile } from '#infra/fileDrop/seriesFile.ts';

/** What a rebalance starts from, as files tell it. */
export interface RebalanceFiles {
  readonly holdings: Holdings;
  /** Weight by symbol, fractions of equity. */
  readonly targets: Readonly<Record<string, number>>;
  /** Every symbol that is held or aimed at, sorted. */
  readonly symbols: readonly string[];
  /** Returns of those symbols; absent where the prices are of one day alone. */
  readonly history?: AssetReturns;
}

/**
 * Reads holdings (`symbol,shares`), targets (`symbol,weight`) and prices: `symbol,price`, or a column of closes a symbol
 * under a column of dates, whose last row they then are.
 * @throws Failure FILE_UNREADABLE, BARS_UNREADABLE; PORTFOLIO_INPUT_INVALID for shares that are not whole, a short
 *   position or weight, weights that sum to more than 1, or a symbol without a price
 */
export async function readRebalanceFiles(paths: {
  readonly holdings: string;
  readonly targets: string;
  readonly prices: string;
  readonly cash: Money;
}): Promise<RebalanceFiles> {
  const held = [...(await readNamedFigures(paths.holdings, 'PORTFOLIO_INPUT_INVALID'))].filter(
    ([, count]) => count !== 0,
  );
  const weights = [...(await readNamedFigures(paths.targets, 'PORTFOLIO_INPUT_INVALID'))];
  for (const [symbol, count] of held) {
    if (!(Number.isSafeInteger(count) && count > 0))
      throw invalid(`${symbol} is held ${count} times: write whole shares, none of them short`);
  }
  const short = weights.find(([, weight]) => weight < 0);
  if (short) throw invalid(`${short[0]} is aimed at with ${short[1]}: a rebalance is long only`);
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  if (total > 1 + 1e-6) throw invalid(`the targets sum to ${total}: more than there is`);
  const symbols = [...new Set([...held, ...weights].map(([symbol]) => symbol))].sort();
  const { prices, history } = await pricesOf(paths.prices, symbols);
  const positions = Object.fromEntries(held.map(([symbol, count]): [string, Shares] => [symbol, shares(count)]));
  const worth = held.reduce((sum, [symbol, count]) => sum + count * prices[symbol]!, 0);
  return {
    holdings: { cash: paths.cash, equity: money(paths.cash + worth), positions, prices },
    targets: Object.fromEntries(weights),
    symbols,
    ...(history && { history }),
  };
}

async function pricesOf(
  path: string,
  symbols: readonly string[],
): Promise<{ readonly prices: Readonly<Record<string, Money>>; readonly history?: AssetReturns }> {
  const heading = /\.(?:csv|txt)$/i.test(path) ? await headingOf(path) : [];
  const isList = heading.length === 2 && ['symbol', 'name', 'asset', 'ticker'].includes(heading[0]!.toLowerCase());
  if (isList) {
    const list = await readNamedFigures(path, 'PORTFOLIO_INPUT_INVALID');
    return { prices: Object.fromEntries(symbols.map((symbol) => [symbol, priced(symbol, list.get(symbol))])) };
  }
  const { series } = await readSeriesFile(path);
  const wanted = symbols.map((symbol) => {
    const found = series.find(({ name }) => name === symbol);
    if (!found) throw invalid(`${path} has no column ${symbol}`);
    return found;
  });
  const prices = wanted.map(({ name, values }) => [name, priced(name, values.at(-1))] as const);
  return { prices: Object.fromEntries(prices), history: returnsOfPrices(wanted) };
}

function priced(symbol: string, dollars: number | undefined): Money {
  const price = dollars === undefined || !Number.isFinite(dollars) ? 0 : moneyFromDollars(dollars);
  if (price <= 0) throw invalid(`${symbol} has no price`);
  return money(price);
}

/**
 * Reads what symbols share, as loadings: 1 and 0 for sectors, betas for factors.
 * @throws Failure FILE_UNREADABLE; PORTFOLIO_INPUT_INVALID for a factor without a beta of a symbol, or a name that is
 *   both a sector and a factor
 */
export async function readDriftLimits(path: string, symbols: readonly string[]): Promise<DriftLimits> {
  const { sectors, factors, driftMax } = await readExposures(path);
  const loadings: Record<string, Float64Array> = {};
  for (const [name, members] of Object.entries(sectors)) {
    loadings[name] = Float64Array.from(symbols, (symbol) => (members.includes(symbol) ? 1 : 0));
  }
  for (const [name, betas] of Object.entries(factors)) {
    if (Object.hasOwn(sectors, name)) throw invalid(`${path}: ${name} is a sector and a factor`);
    const missing = symbols.filter((symbol) => !Object.hasOwn(betas, symbol));
    if (missing.length > 0) throw invalid(`${path}: ${name} has no beta of ${missing.join(', ')}`);
    loadings[name] = Float64Array.from(symbols, (symbol) => betas[symbol]!);
  }
  return { assets: symbols, loadings: loadings satisfies Loadings, driftMax };
}

function invalid(message: string): Failure {
  return new Failure('PORTFOLIO_INPUT_INVALID', message, {});
}
