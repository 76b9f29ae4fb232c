import type { CostRates } from '#domain/costs.ts';
import type { DenialCode } from '#domain/denials.ts';
import { money, notional, shares, sumMoney, type Money, type Shares } from '#domain/money.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { mean } from '../metrics/moments.ts';
import { BacktestGuard, type RiskRules, type StateChange } from '../backtestGuard.ts';
import { PlayedAccount, type BacktestFill, type Funding } from './account.ts';
import { MarketCursor, type BarMarket } from './barMarket.ts';
import { beginSession, type Booked, type Delisting, type DelistingPaid, type SplitBooked } from './bookings.ts';
import { PlayedDesk } from './desk.ts';
import type { MarketCostRules } from './marketCosts.ts';
import type { PlayedOrder } from './order.ts';
import type { Strategy } from './strategy.ts';
import { Venue, type VenueRules } from './venue.ts';

/** A strategy, the market it trades in, and the account it trades for. */
export interface PlayRequest {
  readonly market: BarMarket;
  readonly strategy: Strategy;
  readonly cash: Money;
  readonly rates: CostRates;
  /** Absent: nothing is borrowed. */
  readonly funding?: Funding;
  /** Absent: any quantity fills. */
  readonly participationFraction?: number;
  /** Costs that bars tell; absent: the fixed rates alone. */
  readonly marketCosts?: MarketCostRules;
  /** Listings that end; absent: what prints no more stays at its last close. */
  readonly delistings?: readonly Delisting[];
  /** Limits and breaker of the account; absent: it is held by nobody's rules, as somebody who buys and waits. */
  readonly risk?: RiskRules;
}

/** What happened. */
export interface BacktestResult {
  /** Those played. */
  readonly sessions: readonly SessionDate[];
  /** Shape [sessions], at the close. */
  readonly equity: readonly Money[];
  /** Shape [sessions], simple returns of equity, fractions. */
  readonly returns: Float64Array;
  /** Oldest first. */
  readonly fills: readonly BacktestFill[];
  /** Every order, oldest first. */
  readonly orders: readonly PlayedOrder[];
  /** Number of fills. */
  readonly trades: number;
  /** Traded notional over the equity before it, a session, on average. */
  readonly turnover: number;
  /** Invested share of equity at the close, on average: long less short positions. */
  readonly exposure: number;
  /** Shape [sessions] each: what the two are averages of. */
  readonly bySession: { readonly turnover: Float64Array; readonly exposure: Float64Array };
  /** Commission, half spreads and impact paid. */
  readonly costs: Money;
  /** Dividends received, less those paid on short positions. */
  readonly dividends: Money;
  /** Cash for fractions of shares that splits left. */
  readonly cashInLieu: Money;
  /** Paid on borrowed cash, and on borrowed shares. */
  readonly financing: Money;
  readonly borrow: Money;
  /** Positions whose shares were split, oldest first. */
  readonly splits: readonly SplitBooked[];
  /** Positions that a listing's end paid out, oldest first. */
  readonly delistings: readonly DelistingPaid[];
  /** Shares ordered that the venue did not give: no bar, no price, no volume, or no cash. */
  readonly unfilledShares: Shares;
  /** Fills at a close that had been seen when they were ordered: a strategy that lives of them cannot be traded. */
  readonly sameCloseFills: number;
  /** Fills at the fixed rates because the bars before told too little of the market; 0 where bars are not asked. */
  readonly unmeasuredFills: number;
  readonly risk: RiskRecord;
}

/** What limits and breaker did to an account; plain JSON. */
export interface RiskRecord {
  /** Orders refused, by code. */
  readonly denied: Readonly<Partial<Record<DenialCode, number>>>;
  /** Orders made smaller, by the code of the limit that left least room. */
  readonly reduced: Readonly<Partial<Record<DenialCode, number>>>;
  /** Changes of the trading state, oldest first. */
  readonly changes: readonly StateChange[];
  /** Sessions whose orders were planned by a reducing account. */
  readonly reducingSessions: number;
  /** Sessions whose orders were planned by a halted account: nothing was bought. */
  readonly haltedSessions: number;
}

/** A run as it stands. */
interface Run {
  readonly request: PlayRequest;
  readonly cursor: MarketCursor;
  readonly account: PlayedAccount;
  readonly venue: Venue;
  readonly guard: BacktestGuard | undefined;
  readonly desk: PlayedDesk;
  readonly tally: Tally;
}

/** Sums of a run. */
interface Tally extends Booked {
  readonly equity: Money[];
  readonly fills: BacktestFill[];
  readonly sessionsIn: { active: number; reducing: number; halted: number };
  dayOpenEquity: number;
  /** A session each. */
  readonly turnover: number[];
  readonly exposure: number[];
}

/**
 * Plays a strategy through daily bars, session by session: corporate actions and carry, what it decides before the open,
 * the opening auction, the range between the auctions, the closing auction, what it decides after it. What is decided
 * after a close trades in the next session at the earliest. The breaker weighs the account after the opening auction and
 * at the close; a halt at the open sells everything there and then, one at the close in the next auction.
 * @throws RangeError for an order that is none, a breaker that cannot be climbed, or an amount too large to hold exactly
 */
export function playStrategy(request: PlayRequest): BacktestResult {
  const run = begin(request);
  const { market } = request;
  const { cursor, account, tally } = run;
  for (let row = 0; row < market.firstPlayed; row += 1) cursor.moveTo(row);
  markAtClose(run, (symbol) => cursor.newest[symbol]!);
  for (let row = market.firstPlayed; row < market.sessions.length; row += 1) {
    tally.dayOpenEquity = account.equity;
    cursor.moveTo(row);
    playSession(run);
  }
  return resultOf(run);
}

function begin(request: PlayRequest): Run {
  const { market, cash, rates, risk, participationFraction, marketCosts, strategy } = request;
  const funding = request.funding ?? { kind: 'cash' };
  const cursor = new MarketCursor(market);
  const account = new PlayedAccount({ cash, symbols: market.symbols.length, rates, funding });
  const guard = risk && new BacktestGuard(risk, cash);
  const tally: Tally = {
    equity: [],
    fills: [],
    sessionsIn: { active: 0, reducing: 0, halted: 0 },
    delistings: [],
    splits: [],
    dayOpenEquity: cash,
    turnover: [],
    exposure: [],
    dividends: 0,
    cashInLieu: 0,
    financing: 0,
    borrow: 0,
  };
  const rules: VenueRules = {
    rates,
    ...(participationFraction !== undefined && { participationFraction }),
    ...(marketCosts && { marketCosts }),
  };
  const onFill = (fill: BacktestFill, symbol: number): void => {
    tally.fills.push(fill);
    tally.turnover[tally.turnover.length - 1]! += notional(fill.price, fill.quantity) / tally.dayOpenEquity;
    desk.count(fill);
    guard?.take(fill, account.held(symbol));
    strategy.onFill?.(fill, desk);
  };
  const venue = new Venue({ cursor, account, rules, onFill });
  const desk = new PlayedDesk({ cursor, account, venue, guard, risk, salesReduce: funding.kind === 'cash' });
  return { request, cursor, account, venue, guard, desk, tally };
}

/** One trading day, in the order in which a traded one goes. */
function playSession(run: Run): void {
  const { request, cursor, account, venue, guard, desk, tally } = run;
  const { strategy, delistings } = request;
  const dayOpenEquity = money(tally.dayOpenEquity);
  tally.turnover.push(0);
  desk.enter('beforeOpen');
  beginSession({ cursor, account, venue, delistings: delistings ?? [] }, tally);
  guard?.begin(desk.session, account.equity);
  tally.sessionsIn[desk.state] += 1;
  if (desk.state === 'halted') flatten(run, 'opening');
  strategy.beforeOpen?.(desk);
  venue.openingAuction();

  desk.enter('open');
  const haltedBefore = desk.state === 'halted';
  if (guard) {
    const opened = account.equityAt((symbol) => desk.openToday(symbol));
    guard.weigh({ session: desk.session, at: 'open', equity: opened, dayOpenEquity });
    if (desk.state === 'halted' && !haltedBefore) flatten(run, 'day');
  }
  strategy.afterOpen?.(desk);
  venue.betweenAuctions();
  venue.closingAuction();

  desk.enter('closed');
  markAtClose(run, (symbol) => cursor.barNow(symbol));
  strategy.afterClose?.(desk);
  const { equity, invested } = account;
  guard?.weigh({ session: desk.session, at: 'close', equity, dayOpenEquity });
  tally.equity.push(equity);
  tally.exposure.push(equity > 0 ? invested / equity : 0);
}

/** A halt ends what was ordered and sells what is held. */
function flatten({ venue, desk }: Run, timeInForce: 'opening' | 'day'): void {
  for (const order of venue.working) order.become('cancelled', 'answer');
  desk.flatten(timeInForce);
}

function markAtClose({ request, account }: Run, barOf: (symbol: number) => number): void {
  const { symbols } = request.market;
  for (let symbol = 0; symbol < symbols.length; symbol += 1) {
    const bar = barOf(symbol);
    if (bar >= 0) account.markAt(symbol, symbols[symbol]!.close[bar] as Money);
  }
}

function resultOf({ request, guard, desk, venue, tally }: Run): BacktestResult {
  const { market, cash } = request;
  const { equity, fills, sessionsIn } = tally;
  const sessions = market.sessions.slice(market.firstPlayed);
  const bySession = { turnover: Float64Array.from(tally.turnover), exposure: Float64Array.from(tally.exposure) };
  const before = (row: number): number => (row === 0 ? cash : equity[row - 1]!);
  const orders = desk.orders.map((order) => order.told());
  return {
    sessions,
    equity,
    returns: Float64Array.from(equity, (value, row) => (before(row) > 0 ? value / before(row) - 1 : 0)),
    fills,
    orders,
    trades: fills.length,
    turnover: mean(bySession.turnover) ?? 0,
    exposure: mean(bySession.exposure) ?? 0,
    bySession,
    costs: sumMoney(fills.map(({ commission, slippage }) => money(commission + slippage))),
    dividends: money(tally.dividends),
    cashInLieu: money(tally.cashInLieu),
    financing: money(tally.financing),
    borrow: money(tally.borrow),
    splits: tally.splits,
    delistings: tally.delistings,
    unfilledShares: shares(desk.orders.reduce((sum, { unfilled }) => sum + unfilled, 0)),
    sameCloseFills: fills.filter(({ order }) => orders[order]!.timeInForce === 'thisClose').length,
    unmeasuredFills: venue.unmeasuredFills,
    risk: {
      denied: countsOf(orders.map(({ denial }) => denial)),
      reduced: countsOf(orders.map(({ reduction }) => reduction?.code)),
      changes: guard?.changes ?? [],
      reducingSessions: sessionsIn.reducing,
      haltedSessions: sessionsIn.halted,
    },
  };
}

function countsOf(codes: readonly (DenialCode | undefined)[]): RiskRecord['denied'] {
  const counts: Partial<Record<DenialCode, number>> = {};
  for (const code of codes) if (code !== undefined) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
