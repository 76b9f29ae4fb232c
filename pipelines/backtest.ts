import type { DailyBars } from '#domain/bars.ts';
import { costOfFill, type CostRates } from '#domain/costs.ts';
import { money, moneyFromDollars, notional, shares, type Money, type Shares } from '#domain/money.ts';
import { rebalance, type RebalanceRules } from '#domain/rebalance.ts';
import type { SessionDate } from '#domain/sessionDate.ts';

/** What to play. */
export interface BacktestRequest {
  /** One entry a symbol, split adjusted, as the venue printed them. */
  readonly bars: readonly DailyBars[];
  /** Sessions to trade, ascending; each is marked at its close. */
  readonly sessions: readonly SessionDate[];
  /** Target weight by symbol, known before the session's open; undefined leaves the holdings as they are. */
  readonly targetsBefore: (session: SessionDate) => Readonly<Record<string, number>> | undefined;
  readonly cash: Money;
  readonly rules: RebalanceRules;
  readonly rates: CostRates;
}

/** What happened, a row a session. */
export interface BacktestResult {
  readonly sessions: readonly SessionDate[];
  /** Shape [sessions], at the close. */
  readonly equity: readonly Money[];
  /** Shape [sessions], simple returns of equity, fractions. */
  readonly returns: Float64Array;
  readonly trades: number;
  /** Traded notional over equity, a session, on average. */
  readonly turnover: number;
  /** Invested share of equity at the close, on average. */
  readonly exposure: number;
  /** Commission and half spreads paid. */
  readonly costs: Money;
}

interface Account {
  cash: Money;
  readonly positions: Record<string, Shares>;
}

interface Row {
  readonly open: Money;
  readonly close: Money;
}

/**
 * Plays target weights through daily bars with the rules that trade live: what is decided before a session fills in its
 * opening auction at the printed open, moved by half the spread, sells before buys, sized at the close before.
 * Dividends are not credited: returns are those of prices. A symbol without a bar is neither traded nor marked anew.
 */
export function backtest({ bars, sessions, targetsBefore, cash, rules, rates }: BacktestRequest): BacktestResult {
  const rowOf = indexRows(bars);
  const account: Account = { cash, positions: {} };
  const marks: Record<string, Money> = {};
  const equity: Money[] = [];
  let [trades, traded, exposed, costs] = [0, 0, 0, 0];
  for (const symbolBars of bars) {
    const before = symbolBars.sessions.findLastIndex((session) => session < (sessions[0] ?? session));
    if (before >= 0) marks[symbolBars.symbol] = moneyFromDollars(symbolBars.close[before]!);
  }
  for (const session of sessions) {
    const worth = worthOf(account, marks);
    const targets = targetsBefore(session);
    const wanted = targets
      ? rebalance(priced(targets, marks), { equity: worth, ...account, prices: marks }, rules)
      : [];
    for (const { symbol, side, quantity } of wanted) {
      const printed = rowOf(symbol, session)?.open;
      const affordable = printed === undefined ? undefined : fillable({ side, quantity, printed }, account, rates);
      if (!affordable || affordable.quantity === 0) continue;
      const fill = costOfFill({ side, printed: printed!, quantity: affordable.quantity }, rates);
      account.cash = money(account.cash + fill.cashChange);
      const held = (account.positions[symbol] ?? 0) + (side === 'buy' ? 1 : -1) * affordable.quantity;
      if (held === 0) delete account.positions[symbol];
      else account.positions[symbol] = shares(held);
      trades += 1;
      costs += fill.commission + fill.slippage;
      traded += notional(fill.price, affordable.quantity) / worth;
    }
    for (const { symbol } of bars) marks[symbol] = rowOf(symbol, session)?.close ?? marks[symbol] ?? money(0);
    const closing = worthOf(account, marks);
    equity.push(closing);
    exposed += (closing - account.cash) / closing;
  }
  const returns = Float64Array.from(equity, (value, index) => value / (equity[index - 1] ?? cash) - 1);
  const count = Math.max(1, sessions.length);
  return {
    sessions,
    equity,
    returns,
    trades,
    turnover: traded / count,
    exposure: exposed / count,
    costs: money(costs),
  };
}

/** A buy never spends more than the cash there is: the auction may open above the price it was sized at. */
function fillable(
  order: { readonly side: 'buy' | 'sell'; readonly quantity: Shares; readonly printed: Money },
  account: Account,
  rates: CostRates,
): { readonly quantity: Shares } {
  if (order.side === 'sell') return order;
  const single = -costOfFill({ side: 'buy', printed: order.printed, quantity: shares(1) }, rates).cashChange;
  return { quantity: shares(Math.min(order.quantity, Math.max(0, Math.floor(account.cash / single)))) };
}

/** Targets of symbols that have a price; one that has none cannot be sized. */
function priced(
  targets: Readonly<Record<string, number>>,
  marks: Readonly<Record<string, Money>>,
): Record<string, number> {
  return Object.fromEntries(Object.entries(targets).filter(([symbol]) => (marks[symbol] ?? 0) > 0));
}

function worthOf({ cash, positions }: Account, marks: Readonly<Record<string, Money>>): Money {
  return money(
    Object.entries(positions).reduce(
      (sum, [symbol, quantity]) => sum + notional(marks[symbol]!, quantity),
      cash as number,
    ),
  );
}

function indexRows(bars: readonly DailyBars[]): (symbol: string, session: SessionDate) => Row | undefined {
  const index = new Map(
    bars.map(({ symbol, sessions, open, close }) => [
      symbol,
      new Map(
        sessions.map((session, row) => [
          session,
          { open: moneyFromDollars(open[row]!), close: moneyFromDollars(close[row]!) },
        ]),
      ),
    ]),
  );
  return (symbol, session) => index.get(symbol)?.get(session);
}
