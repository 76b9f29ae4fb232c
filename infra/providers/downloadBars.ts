import type { BarsRequest, HistoricalBars, MarketDataProvider } from '#activities/ports/marketDataProvider.ts';
import type { OtherAction } from '#domain/corporateAction.ts';
import { Failure } from '#domain/failure.ts';
import { withActions } from '#domain/withActions.ts';

/** Bars with what else is known of them. */
export type DownloadedBars = HistoricalBars & {
  /** Actions that no column can hold: spin-offs, mergers, cash in other currencies. */
  readonly untold: readonly OtherAction[];
};

const symbolsPerStep = 10;

/**
 * Bars of a provider, some symbols at a time, raw daily ones with their splits and dividends as columns.
 * @param progress told after each step
 * @throws Failure PROVIDER_CAPABILITY_MISSING for a length of bars that the provider does not have
 */
export async function downloadBars(
  provider: MarketDataProvider,
  request: BarsRequest,
  progress: (text: string) => void,
): Promise<DownloadedBars> {
  const { symbols, timeframe } = request;
  if (!provider.historicalBars || !provider.timeframes.includes(timeframe)) {
    const known = provider.timeframes.join(', ') || 'none';
    throw new Failure('PROVIDER_CAPABILITY_MISSING', `${provider.name} has no bars of ${timeframe}, only: ${known}`, {
      provider: provider.name,
      timeframe,
    });
  }
  const steps: DownloadedBars[] = [];
  for (let first = 0; first < symbols.length; first += symbolsPerStep) {
    const step = { ...request, symbols: symbols.slice(first, first + symbolsPerStep) };
    steps.push(await withTheirActions(provider, step, await provider.historicalBars(step)));
    progress(`${Math.min(first + symbolsPerStep, symbols.length)} of ${symbols.length} symbols`);
  }
  return joined(steps);
}

async function withTheirActions(
  provider: MarketDataProvider,
  request: BarsRequest,
  answer: HistoricalBars,
): Promise<DownloadedBars> {
  if (answer.kind !== 'daily' || answer.scale !== 'raw' || !provider.corporateActions) return { ...answer, untold: [] };
  if (answer.bars.every(({ actions }) => actions)) return { ...answer, untold: [] };
  const actions = await provider.corporateActions(request);
  const untold = actions.filter((action) => action.kind === 'other');
  return { ...answer, untold, bars: answer.bars.map((bars) => withActions(bars, actions)) };
}

function joined(steps: readonly DownloadedBars[]): DownloadedBars {
  const [first] = steps;
  if (!first) throw new RangeError('no symbols');
  const about = {
    scale: first.scale,
    withoutBars: steps.flatMap(({ withoutBars }) => withoutBars),
    untold: steps.flatMap(({ untold }) => untold),
  };
  return first.kind === 'daily'
    ? { ...about, kind: 'daily', bars: steps.flatMap((step) => (step.kind === 'daily' ? step.bars : [])) }
    : { ...about, kind: 'intraday', bars: steps.flatMap((step) => (step.kind === 'intraday' ? step.bars : [])) };
}
