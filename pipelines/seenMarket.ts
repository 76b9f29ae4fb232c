import type { SessionDate } from '#domain/sessionDate.ts';
import type { StockMarket } from '#models/environment/stockMarket.ts';
import { sampleDeviation } from './metrics/moments.ts';
import { scaleFeatures, type Scaler } from './scaling.ts';
import type { SessionSpan } from './sessionSpan.ts';
import { completeSessions, marketOf, type CompleteSessions, type MarketSource } from './tradingMarket.ts';
import { turbulenceLookBackSessions, turbulenceOf } from './turbulence.ts';

/** Sessions that a stock's volatility is measured over: a quarter. */
const deviationSessions = 63;

/** A market as an agent sees it that was trained before. */
export interface SeenMarket {
  /** Those on which every symbol has a bar and every feature; ascending, perhaps none. */
  readonly sessions: readonly SessionDate[];
  readonly market: StockMarket;
  /** Standard deviations of the daily returns up to each close, shape [sessions, stocks]; 0 where there are too few. */
  readonly deviations: Float64Array;
}

/**
 * The market of a span as an agent with a scaler of its own sees it. What is seen of a session knows nothing later.
 * @throws Failure FEATURE_SPEC_INVALID when the scaler is of other features
 */
export function seenMarket(source: MarketSource, scaler: Scaler, span: SessionSpan): SeenMarket {
  const { symbols, sessions } = source.features;
  const table = { ...source, features: scaleFeatures(scaler, source.features) };
  const known = completeSessions(table, { from: sessions[0]!, to: span.to });
  const first = known.rows.findIndex((row) => sessions[row]! >= span.from);
  const seen = first < 0 ? known.rows.length : first;
  const turbulence = turbulenceFrom(known, seen, symbols.length);
  const { market, sessions: own } = marketOf(table, known, { part: span, turbulence });
  return { sessions: own, market, deviations: deviationsFrom(known, seen, symbols.length) };
}

/** Turbulence of the rows from one on; those before are not needed and stay 0. */
function turbulenceFrom({ rows, prices }: CompleteSessions, first: number, stocks: number): Float64Array {
  const begin = Math.max(0, first - turbulenceLookBackSessions - 1);
  const turbulence = new Float64Array(rows.length);
  turbulence.set(turbulenceOf(prices.subarray(begin * stocks), stocks), begin);
  return turbulence;
}

function deviationsFrom({ rows, prices }: CompleteSessions, first: number, stocks: number): Float64Array {
  const deviations = new Float64Array((rows.length - first) * stocks);
  for (let row = first; row < rows.length; row += 1) {
    for (let stock = 0; stock < stocks; stock += 1) {
      const begin = Math.max(1, row - deviationSessions + 1);
      const returns = Float64Array.from({ length: row - begin + 1 }, (_, index) => {
        const at = (begin + index) * stocks + stock;
        return prices[at]! / prices[at - stocks]! - 1;
      });
      deviations[(row - first) * stocks + stock] = sampleDeviation(returns) ?? 0;
    }
  }
  return deviations;
}
