import { barsBetween, type DailyBars } from '#domain/bars.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { unionOfSessions } from '../sessionSpan.ts';
import { layOutMarket } from './barMarket.ts';
import type { PlayedOrder } from './order.ts';
import { playStrategy, type PlayRequest } from './playStrategy.ts';
import type { Strategy } from './strategy.ts';

/** A strategy, from the bars that are there, and the account it is played on. */
export interface LookAheadRequest {
  readonly bars: readonly DailyBars[];
  /** A strategy at its beginning, prepared from those bars and from nothing else. */
  readonly create: (bars: readonly DailyBars[]) => Strategy;
  readonly account: Omit<PlayRequest, 'market' | 'strategy' | 'delistings'>;
  /** Histories that it is played on again, each truncated after another session. */
  readonly cuts: number;
}

/** How a strategy knows its future, by what changes when that is taken away. */
export type LookAheadKind =
  /** Decisions just before the end of a history change, and no others: prices of the next sessions are read. */
  | 'futurePrice'
  /** Decisions far from the end change: something was fitted on the whole of the history. */
  | 'fittedOnWholeSample'
  /** What is traded depends on which symbols are still there at the end. */
  | 'survivorUniverse';

/** A decision that is another one when what came after it is taken away. */
export interface ChangedDecision {
  /** Last session of the truncated history. */
  readonly cutAfter: SessionDate;
  /** Of the decision. */
  readonly session: SessionDate;
  readonly symbol: string;
  /** Orders of the symbol decided then, with the future and without it. */
  readonly withFuture: readonly string[];
  readonly withoutFuture: readonly string[];
  /** Sessions from the decision to the end of the truncated history. */
  readonly sessionsBeforeCut: number;
}

/** What was found. */
export interface LookAheadReport {
  readonly cuts: readonly SessionDate[];
  /** Orders compared, over all cuts: of none, nothing is said. */
  readonly comparedOrders: number;
  /** The first changed decision of each cut that has one. */
  readonly changes: readonly ChangedDecision[];
  /** Empty where no decision changed. */
  readonly kinds: readonly LookAheadKind[];
}

/** Sessions before a cut within which changed decisions speak of prices that are read too early. */
const nearSessions = 21;

/**
 * Plays a strategy on a history and on truncations of it, and compares every decision up to each cut. An honest strategy
 * decides the same; one that was prepared from what came later does not. What a strategy reads from elsewhere than its
 * bars is not seen.
 */
export function findStrategyLookAhead(request: LookAheadRequest): LookAheadReport {
  const sessions = unionOfSessions(request.bars);
  const whole = decisionsOf(request, request.bars);
  // From a third of the history on, so that a strategy has warmed up; the last cut leaves one session to be known.
  const first = Math.floor(sessions.length / 3);
  const steps = Math.max(1, Math.min(request.cuts, sessions.length - 1 - first));
  const cuts = Array.from(
    { length: steps },
    (_, step) => sessions[first + Math.floor(((step + 1) * (sessions.length - 2 - first)) / steps)],
  ).filter((session) => session !== undefined);
  let comparedOrders = 0;
  const changes = cuts.flatMap((cutAfter): ChangedDecision[] => {
    const past = request.bars
      .map((one) => barsBetween(one, sessions[0]!, cutAfter))
      .filter((one) => one.sessions.length > 0);
    const found = decisionsOf(request, past);
    comparedOrders += [...found.values()].reduce((sum, orders) => sum + orders.length, 0);
    const changed = firstChange(until(whole, cutAfter), found);
    if (!changed) return [];
    const sessionsBeforeCut = sessions.indexOf(cutAfter) - sessions.indexOf(changed.session);
    return [{ ...changed, cutAfter, sessionsBeforeCut }];
  });
  return { cuts, comparedOrders, changes, kinds: kindsOf(request.bars, changes, whole) };
}

/** Orders as text by `session symbol`, in the order of decision. */
type Decisions = ReadonlyMap<string, readonly string[]>;

function decisionsOf({ create, account }: LookAheadRequest, bars: readonly DailyBars[]): Decisions {
  const market = layOutMarket({ bars, dividends: 'credited' });
  const { orders } = playStrategy({ ...account, market, strategy: create(bars) });
  const decisions = new Map<string, string[]>();
  for (const order of orders) {
    const key = `${order.decidedIn} ${market.symbols[order.symbol]!.symbol}`;
    const known = decisions.get(key) ?? [];
    known.push(orderText(order));
    decisions.set(key, known);
  }
  return decisions;
}

function orderText({ side, quantity, terms, timeInForce, decidedAt }: PlayedOrder): string {
  const { kind, ...prices } = terms;
  return [decidedAt, side, quantity, kind, ...Object.values(prices), timeInForce].join(' ');
}

function until(decisions: Decisions, last: SessionDate): Decisions {
  return new Map([...decisions].filter(([key]) => key.slice(0, 10) <= last));
}

function firstChange(
  whole: Decisions,
  past: Decisions,
): Omit<ChangedDecision, 'cutAfter' | 'sessionsBeforeCut'> | undefined {
  const keys = [...new Set([...whole.keys(), ...past.keys()])].toSorted();
  const key = keys.find((one) => whole.get(one)?.join() !== past.get(one)?.join());
  if (key === undefined) return undefined;
  return {
    session: key.slice(0, 10) as SessionDate,
    symbol: key.slice(11),
    withFuture: whole.get(key) ?? [],
    withoutFuture: past.get(key) ?? [],
  };
}

function kindsOf(
  bars: readonly DailyBars[],
  changes: readonly ChangedDecision[],
  whole: Decisions,
): readonly LookAheadKind[] {
  if (changes.length === 0) return [];
  const end = unionOfSessions(bars).at(-1)!;
  const gone = new Set(bars.filter(({ sessions }) => sessions.at(-1)! < end).map(({ symbol }) => symbol));
  const traded = new Set([...whole.keys()].map((key) => key.slice(11)));
  // Traded while it was not known that they would go, and never once it is.
  const avoided = changes.some(
    ({ symbol, withoutFuture }) => gone.has(symbol) && withoutFuture.length > 0 && !traded.has(symbol),
  );
  if (avoided) return ['survivorUniverse'];
  const far = changes.some(({ sessionsBeforeCut }) => sessionsBeforeCut > nearSessions);
  return [far ? 'fittedOnWholeSample' : 'futurePrice'];
}
