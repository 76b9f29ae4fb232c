import { CommonVariation } from '../../indicators/parts/commonVariation.ts';
import { WindowSum } from '../../indicators/parts/windowSum.ts';
import type { ColumnKind, ColumnState } from '../featureKind.ts';
import { bars, columnKind, stateOfRow } from './columnKind.ts';

/** Sum of one series over the sum of another in the last bars; 0 over nothing. Bars without a figure are left out. */
function quotientOfSums(period: number, parts: (row: Float64Array) => readonly [number, number]): ColumnState {
  const above = new WindowSum(period);
  const below = new WindowSum(period);
  return stateOfRow((row) => {
    const [first, second] = parts(row);
    if (!Number.isFinite(first) || !Number.isFinite(second)) return Number.NaN;
    const [sum, total] = [above.next(first), below.next(second)];
    return total === 0 ? 0 : sum / total;
  });
}

/** Slope of the middle's change on signed volume. */
function kyleLambda(period: number): ColumnState {
  const variation = new CommonVariation(period);
  return stateOfRow(([change, bought, sold]) => {
    const flow = bought! - sold!;
    if (!Number.isFinite(change) || !Number.isFinite(flow)) return Number.NaN;
    variation.next(flow, change!);
    return variation.ofFirst === 0 ? 0 : variation.ofBoth / variation.ofFirst;
  });
}

function illiquidity(period: number): ColumnState {
  const mean = new WindowSum(period);
  let before = Number.NaN;
  return stateOfRow(([close, volume]) => {
    const change = Math.abs(close! / before - 1);
    before = close!;
    const dollars = close! * volume!;
    // A bar in which nothing traded says nothing of what trading costs.
    if (!Number.isFinite(change) || !(dollars > 0)) return Number.NaN;
    return mean.next((change / dollars) * 1e6) / period;
  });
}

/** Features of the tape and of the book. */
export const microstructureKinds: readonly ColumnKind[] = [
  columnKind({
    name: 'orderFlowImbalance',
    // Cont, Kukanov and Stoikov, The Price Impact of Order Book Events, Journal of Financial Econometrics 12 (2014).
    title: 'Order flow at the best prices over all of it, -1 to 1',
    inputs: ['orderFlow', 'orderFlowTotal'],
    parameters: { period: bars(1) },
    begin: ({ period }) => quotientOfSums(period!, ([flow, total]) => [flow!, total!]),
  }),
  columnKind({
    name: 'tradeImbalance',
    title: 'Shares bought less shares sold over shares traded, -1 to 1',
    inputs: ['buyVolume', 'sellVolume'],
    parameters: { period: bars(1) },
    begin: ({ period }) => quotientOfSums(period!, ([bought, sold]) => [bought! - sold!, bought! + sold!]),
  }),
  columnKind({
    name: 'depthImbalance',
    title: "Bids less offers over both, of the best levels at the bar's end, -1 to 1",
    inputs: ['bidDepth', 'askDepth'],
    parameters: {},
    begin: () =>
      stateOfRow(([bid, ask]) => {
        const standing = bid! + ask!;
        return standing === 0 ? 0 : (bid! - ask!) / standing;
      }),
  }),
  columnKind({
    name: 'kyleLambda',
    // Albert Kyle, Continuous Auctions and Insider Trading, Econometrica 53 (1985).
    title: 'Price impact: dollars the middle moves for each share of net buying',
    inputs: ['midChange', 'buyVolume', 'sellVolume'],
    parameters: { period: bars(2) },
    begin: ({ period }) => kyleLambda(period!),
  }),
  columnKind({
    name: 'illiquidity',
    // Yakov Amihud, Illiquidity and Stock Returns, Journal of Financial Markets 5 (2002).
    title: 'Mean absolute return for each million dollars traded, a fraction',
    inputs: ['close', 'volume'],
    parameters: { period: bars(1) },
    begin: ({ period }) => illiquidity(period!),
  }),
  columnKind({
    name: 'quotedSpread',
    title: "Distance of the best prices over their middle at the bar's end, a fraction",
    inputs: ['spread'],
    parameters: {},
    begin: () => stateOfRow(([spread]) => spread!),
  }),
];
