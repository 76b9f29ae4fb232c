import type { DailyBars } from '#domain/bars.ts';
import type { CostRates } from '#domain/costs.ts';
import type { DenialCode } from '#domain/denials.ts';
import { checkTrades } from '#domain/limits.ts';
import { money, notional, shares, type Money, type Shares } from '#domain/money.ts';
import { rebalance, type RebalanceRules, type Trade } from '#domain/rebalance.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { targetsUnder } from '#domain/sizing.ts';
import { BacktestGuard, type RiskRules, type StateChange } from './backtestGuard.ts';
import { PlayedAccount, type BacktestFill, type PlayedOrder } from './playedAccount.ts';
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
  /** Limits and breaker of the account; absent: it is held by nobody's rules, as somebody who buys and waits. */
  readonly risk?: RiskRules;
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
  readonly risk: RiskRecord;
}

/** What limits and breaker did to an account; plain JSON. */
export interface RiskRecord {
  /** Orders refused, by code. */
  readonly denied: Readonly<Partial<Record<DenialCode, number>>>;
  /** Changes of the trading state, oldest first. */
  readonly changes: readonly StateChange[];
  /** Sessions whose orders were planned by a reducing account. */
  readonly reducingSessions: number;
  /** Sessions whose orders were planned by a halted account: nothing was bought. */
  readonly haltedSessions: number;
}

/** A run as it stands. */
interface Run {
  readonly request: BacktestRequest;
  readonly account: PlayedAccount;
  readonly guard: BacktestGuard | undefined;
  readonly tally: Tally;
}

/** Sums of a run. */
interface Tally {
  readonly equity: Money[];
  readonly fills: BacktestFill[];
  readonly denied: Partial<Record<DenialCode, number>>;
  readonly sessionsIn: { active: number; reducing: number; halted: number };
  turnover: number;
  exposure: number;
  dividends: number;
  unfilledShares: number;
}

/** A session with what it prints and what the account was worth at the close before. */
interface Day {
  readonly session: SessionDate;
  readonly prints: ReadonlyMap<string, Print>;
  readonly dayOpenEquity: Money;
}

/**
 * Plays target weights through daily bars with the rules that trade live: what is decided before a session is sized at
 * the closes before it, held against the account's limits, and fills in its opening auction at the printed open, moved
 * by half the spread, sells before buys. The breaker weighs the account after the auction and at the close; a halt at
 * the open sells everything there and then, one at the close in the next auction. No order waits for another session. A
 * symbol without a bar is neither traded nor marked anew; one that never prints again stays at its last close.
 * @throws RangeError for a negative target, a breaker that cannot be climbed, or an amount too large to hold exactly
 */
export function backtest(request: BacktestRequest): BacktestResult {
  const { bars, sessions, cash, rates, risk } = request;
  const printOf = printsOf(bars, sessions, request.dividends ?? 'ignored');
  const run: Run = {
    request,
    account: new PlayedAccount({ cash, marks: printOf.closesBefore, rates }),
    guard: risk && new BacktestGuard(risk, cash),
    tally: {
      equity: [],
      fills: [],
      denied: {},
      sessionsIn: { active: 0, reducing: 0, halted: 0 },
      turnover: 0,
      exposure: 0,
      dividends: 0,
      unfilledShares: 0,
    },
  };
  for (const session of sessions) {
    playSession(run, { session, prints: printOf.at(session), dayOpenEquity: run.account.equity });
  }
  return resultOf(run);
}

/** One trading day, in the order in which a traded one goes. */
function playSession(run: Run, day: Day): void {
  const { account, guard, tally } = run;
  const { session, prints } = day;
  // Who held a share at the close before is paid, whatever the open brings.
  tally.dividends += account.creditDividends(prints);
  guard?.begin(session, account.equity);
  tally.sessionsIn[guard?.state ?? 'active'] += 1;
  const targets = targetsOf(run, session);
  for (const trade of targets ? allowed(run, session, targets) : []) fill(run, day, trade);

  const haltedBefore = guard?.state === 'halted';
  guard?.weigh({ ...day, at: 'open', equity: account.equityAtOpen(prints) });
  if (guard?.state === 'halted' && !haltedBefore) for (const order of account.liquidation()) fill(run, day, order);

  account.markAtClose(prints);
  const { equity, invested } = account;
  guard?.weigh({ ...day, at: 'close', equity });
  tally.equity.push(equity);
  tally.exposure += equity > 0 ? invested / equity : 0;
}

/** Targets as the trading state leaves them, of symbols that have printed; a halted account sells without being told. */
function targetsOf(
  { request, account, guard }: Run,
  session: SessionDate,
): Readonly<Record<string, number>> | undefined {
  const state = guard?.state ?? 'active';
  const decided = request.targetsBefore(session) ?? (state === 'halted' ? {} : undefined);
  if (decided === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(targetsUnder(state, decided)).filter(([symbol]) => account.isMarked(symbol)),
  );
}

/** The trades to the targets that the account's limits allow; those they refuse are counted. */
function allowed(
  { request, account, guard, tally }: Run,
  session: SessionDate,
  targets: Readonly<Record<string, number>>,
): readonly Trade[] {
  const { rules, risk } = request;
  const { holdings } = account;
  const trades = rebalance(targets, holdings, rules);
  if (!risk || !guard) return trades;
  const { equity, cash, positions, prices } = holdings;
  const checked = checkTrades(
    trades,
    {
      equity,
      buyingPower: cash,
      state: guard.state,
      positions,
      grossExposure: account.invested,
      ordersToday: 0,
      working: [],
      lastPrices: prices,
      phase: 'beforeOpen',
    },
    risk.limitsBefore?.(session) ?? risk.limits,
  );
  return checked.flatMap((answer) => {
    if (answer.kind === 'allowed') return [answer.trade];
    const { code } = answer.denial;
    tally.denied[code] = (tally.denied[code] ?? 0) + 1;
    return [];
  });
}

/** One order meets the open. */
function fill({ account, guard, tally }: Run, { session, prints, dayOpenEquity }: Day, order: PlayedOrder): void {
  const filled = account.fillAtOpen(order, session, prints.get(order.symbol));
  tally.unfilledShares += order.quantity - (filled?.quantity ?? 0);
  if (!filled) return;
  tally.fills.push(filled);
  tally.turnover += notional(filled.price, filled.quantity) / dayOpenEquity;
  guard?.take(filled, account.held(order.symbol));
}

function resultOf({ request, guard, tally }: Run): BacktestResult {
  const { sessions, cash } = request;
  const { equity, fills, turnover, exposure, dividends, unfilledShares, denied, sessionsIn } = tally;
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
    risk: {
      denied,
      changes: guard?.changes ?? [],
      reducingSessions: sessionsIn.reducing,
      haltedSessions: sessionsIn.halted,
    },
  };
}
