import type { DailyBars } from '#domain/bars.ts';
import { costOfFill, type CostRates } from '#domain/costs.ts';
import { dividendCash } from '#domain/dividends.ts';
import { money, notional, shares, type Money, type Shares } from '#domain/money.ts';
import type { OrderSide } from '#domain/order.ts';
import { rebalance, type RebalanceRules } from '#domain/rebalance.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { printsOf, type Print } from './prints.ts';

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
  /** `credited` pays the dividends that adjusted closes imply, in cash; absent: returns are those of prices alone. */
  readonly dividends?: 'credited' | 'ignored';
}

/** An execution in an opening auction. */
export interface BacktestFill {
  readonly session: SessionDate;
  readonly symbol: string;
  readonly side: OrderSide;
  /** Positive. */
  readonly quantity: Shares;
  /** The printed open moved by half the spread. */
  readonly price: Money;
  readonly commission: Money;
  /** Printed open to price, over all shares. */
  readonly slippage: Money;
}

/** What happened. */
export interface BacktestResult {
  readonly sessions: readonly SessionDate[];
  /** Shape [sessions], at the close. */
  readonly equity: readonly Money[];
  /** Shape [sessions], simple returns of equity, fractions. */
  readonly returns: Float64Array;
  /** Oldest first. */
  readonly fills: readonly BacktestFill[];
  /** Number of fills. */
  readonly trades: number;
  /** Traded notional over the equity before it, a session, on average. */
  readonly turnover: number;
  /** Invested share of equity at the close, on average. */
  readonly exposure: number;
  /** Commission and half spreads paid. */
  readonly costs: Money;
  /** Dividends received. */
  readonly dividends: Money;
  /** Shares ordered that no opening auction gave: the symbol did not print, or cash ran out at its open. */
  readonly unfilledShares: Shares;
}

interface Account {
  cash: Money;
  readonly positions: Map<string, Shares>;
  /** Last close of each symbol that has printed. */
  readonly marks: Map<string, Money>;
}

/** Sums of a run. */
interface Tally {
  readonly equity: Money[];
  readonly fills: BacktestFill[];
  turnover: number;
  exposure: number;
  dividends: number;
  unfilledShares: number;
}

/**
 * Plays target weights through daily bars with the rules that trade live: what is decided before a session is sized at
 * the closes before it, and fills in its opening auction at the printed open, moved by half the spread, sells before
 * buys. No order waits for another session. A symbol without a bar is neither traded nor marked anew; one that never
 * prints again stays at its last close.
 * @throws RangeError for a negative target, or an amount too large to hold exactly
 */
export function backtest(request: BacktestRequest): BacktestResult {
  const { bars, sessions, targetsBefore, cash, rules } = request;
  const printOf = printsOf(bars, sessions, request.dividends ?? 'ignored');
  const account: Account = { cash, positions: new Map(), marks: printOf.closesBefore };
  const tally: Tally = { equity: [], fills: [], turnover: 0, exposure: 0, dividends: 0, unfilledShares: 0 };
  for (const session of sessions) {
    const prints = printOf.at(session);
    const before = worthOf(account);
    // Who held a share at the close before is paid, whatever the open brings.
    tally.dividends += creditDividends(account, prints);
    const targets = targetsBefore(session);
    if (targets) {
      const holdings = { equity: before, cash: account.cash, ...plain(account) };
      for (const trade of rebalance(sizable(targets, account), holdings, rules)) {
        fillAtOpen({ account, tally, session, rates: request.rates, equity: before }, trade, prints.get(trade.symbol));
      }
    }
    for (const [symbol, { close }] of prints) account.marks.set(symbol, close);
    const closing = worthOf(account);
    tally.equity.push(closing);
    tally.exposure += closing > 0 ? (closing - account.cash) / closing : 0;
  }
  return resultOf(request, tally);
}

function resultOf({ sessions, cash }: BacktestRequest, tally: Tally): BacktestResult {
  const { equity, fills, turnover, exposure, dividends, unfilledShares } = tally;
  const count = Math.max(1, sessions.length);
  const before = (row: number): number => (row === 0 ? cash : equity[row - 1]!);
  return {
    sessions,
    equity,
    returns: Float64Array.from(equity, (value, row) => (before(row) > 0 ? value / before(row) - 1 : 0)),
    fills,
    trades: fills.length,
    turnover: turnover / count,
    exposure: exposure / count,
    costs: money(fills.reduce((sum, { commission, slippage }) => sum + commission + slippage, 0)),
    dividends: money(dividends),
    unfilledShares: shares(unfilledShares),
  };
}

/** One order meets the opening auction. */
function fillAtOpen(
  run: {
    readonly account: Account;
    readonly tally: Tally;
    readonly session: SessionDate;
    readonly rates: CostRates;
    readonly equity: Money;
  },
  order: { readonly symbol: string; readonly side: OrderSide; readonly quantity: Shares },
  print: Print | undefined,
): void {
  const { account, tally, session, rates } = run;
  const { symbol, side } = order;
  const quantity = print === undefined ? shares(0) : affordable(order, print.open, run);
  tally.unfilledShares += order.quantity - quantity;
  if (print === undefined || quantity === 0) return;
  const { price, commission, slippage, cashChange } = costOfFill({ side, printed: print.open, quantity }, rates);
  const held = (account.positions.get(symbol) ?? 0) + (side === 'buy' ? quantity : 0 - quantity);
  account.cash = money(account.cash + cashChange);
  account.positions.set(symbol, shares(held));
  tally.fills.push({ session, symbol, side, quantity, price, commission, slippage });
  tally.turnover += notional(price, quantity) / run.equity;
}

/** A buy never spends more than the cash there is: the auction may open above the price it was sized at. */
function affordable(
  { side, quantity }: { readonly side: OrderSide; readonly quantity: Shares },
  printed: Money,
  { account, rates }: { readonly account: Account; readonly rates: CostRates },
): Shares {
  if (side === 'sell') return quantity;
  // Commission is rounded up, so the sum over single shares is never below the whole.
  const { price, commission } = costOfFill({ side, printed, quantity: shares(1) }, rates);
  return shares(Math.min(quantity, Math.max(0, Math.floor(account.cash / (price + commission)))));
}

function creditDividends(account: Account, prints: ReadonlyMap<string, Print>): number {
  let paid = 0;
  for (const [symbol, quantity] of account.positions) {
    paid += dividendCash(prints.get(symbol)?.dividendDollars ?? 0, quantity);
  }
  account.cash = money(account.cash + paid);
  return paid;
}

/** Targets of symbols that have printed; one that never has cannot be sized. */
function sizable(targets: Readonly<Record<string, number>>, { marks }: Account): Record<string, number> {
  return Object.fromEntries(Object.entries(targets).filter(([symbol]) => marks.has(symbol)));
}

function plain({ positions, marks }: Account): {
  readonly positions: Readonly<Record<string, Shares>>;
  readonly prices: Readonly<Record<string, Money>>;
} {
  return { positions: Object.fromEntries(positions), prices: Object.fromEntries(marks) };
}

function worthOf({ cash, positions, marks }: Account): Money {
  let worth: number = cash;
  for (const [symbol, quantity] of positions) worth += notional(marks.get(symbol)!, quantity);
  return money(worth);
}
