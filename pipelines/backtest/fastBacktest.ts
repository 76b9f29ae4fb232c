import { commission, executionPrice, type CostRates } from '#domain/costs.ts';
import { money, shares, type Money } from '#domain/money.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { BarMarket, SymbolBars } from './barMarket.ts';

/** Holdings to play over columns of bars. */
export interface FastRequest {
  /** Every symbol has a bar in every session; splits and dividends are left out. */
  readonly market: BarMarket;
  /** Shape [symbols][sessions]: shares to hold, decided at that session's close and traded at the next open. */
  readonly holdings: readonly Int32Array[];
  readonly cash: Money;
  readonly rates: CostRates;
}

/** What became of them. */
export interface FastResult {
  /** Shape [sessions]: at each close, whole ten-thousandths of a dollar. */
  readonly equity: Float64Array;
  /** Number of executions. */
  readonly trades: number;
  /** Commission and half spreads paid. */
  readonly costs: Money;
}

/**
 * Plays holdings over columns, symbol after symbol, for research over many symbols or settings. It does what the event
 * core does with market orders for the opening auction that are never cut: the same prices, costs and roundings, so the
 * same money to the last unit.
 * @throws RangeError for a column of another length, a symbol without a bar in a session, cash that would have been
 *   overdrawn at a close, or an amount too large to hold exactly
 */
export function fastBacktest({ market, holdings, cash, rates }: FastRequest): FastResult {
  const count = market.sessions.length;
  const paid = new Float64Array(count);
  const worth = new Float64Array(count);
  const tally = { trades: 0, costs: 0 };
  for (const [symbol, bars] of market.symbols.entries()) {
    const wanted = holdings[symbol];
    if (wanted?.length !== count || bars.at.length !== count) {
      throw new RangeError(`${bars.symbol} needs a bar and a holding for each of ${count} sessions`);
    }
    playSymbol({ bars, wanted, rates, sessions: market.sessions }, { paid, worth, tally });
  }
  const equity = new Float64Array(count);
  let left: number = cash;
  for (let row = 0; row < count; row += 1) {
    left -= paid[row]!;
    if (left < 0) throw new RangeError(`cash is overdrawn on ${market.sessions[row]}: the event core would cut orders`);
    equity[row] = money(left + worth[row]!);
  }
  return { equity, trades: tally.trades, costs: money(tally.costs) };
}

function playSymbol(
  {
    bars,
    wanted,
    rates,
    sessions,
  }: {
    readonly bars: SymbolBars;
    readonly wanted: Int32Array;
    readonly rates: CostRates;
    readonly sessions: readonly SessionDate[];
  },
  into: {
    readonly paid: Float64Array;
    readonly worth: Float64Array;
    readonly tally: { trades: number; costs: number };
  },
): void {
  const { open, close } = bars;
  const { paid, worth, tally } = into;
  let held = 0;
  for (let row = 1; row < close.length; row += 1) {
    const change = wanted[row - 1]! - held;
    if (change !== 0) {
      const quantity = Math.abs(change);
      const side = change > 0 ? 'buy' : 'sell';
      const price = executionPrice(side, open[row] as Money, rates);
      const fee = commission({ side, price, quantity: shares(quantity), session: sessions[row]! }, rates);
      paid[row] = paid[row]! + change * price + fee;
      tally.trades += 1;
      tally.costs += fee + Math.abs(price - open[row]!) * quantity;
      held += change;
    }
    if (held !== 0) worth[row] = worth[row]! + held * close[row]!;
  }
}

/**
 * Shares that follow the crossings of two simple moving averages of closes, as the strategy `sma-cross` does.
 * @param close shape [sessions], whole ten-thousandths of a dollar: sums of them are exact
 * @returns shape [sessions], shares from the close of a crossing on
 */
export function crossingHoldings(
  close: Float64Array,
  { fast, slow, quantity }: { readonly fast: number; readonly slow: number; readonly quantity: number },
): Int32Array {
  const holdings = new Int32Array(close.length);
  let [fastSum, slowSum, held] = [0, 0, 0];
  let before = Number.NaN;
  for (let row = 0; row < close.length; row += 1) {
    fastSum += close[row]! - (row >= fast ? close[row - fast]! : 0);
    slowSum += close[row]! - (row >= slow ? close[row - slow]! : 0);
    if (row >= slow - 1) {
      const difference = fastSum * slow - slowSum * fast;
      if (difference > 0 && before <= 0) held = quantity;
      else if (difference < 0 && before >= 0) held = 0;
      before = difference;
    }
    holdings[row] = held;
  }
  return holdings;
}
