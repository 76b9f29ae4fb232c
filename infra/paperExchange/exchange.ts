import { randomUUID } from 'node:crypto';
import type { MarketPhase } from '#activities/ports/broker.ts';
import type { Money } from '#domain/money.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { judge } from './acceptance.ts';
import type { Refusal } from './acceptance.ts';
import { Account, isDone } from './accountState.ts';
import type { AccountState, PaperOrder } from './accountState.ts';
import { activityId } from './activityIds.ts';
import { corporateActionsBefore } from './corporateActions.ts';
import type { ExchangeEvent, JournalEntry, OrderFilled, OrderTerms } from './events.ts';
import { Journal } from './journal.ts';
import { compareMarketTimes, marketTimeMs, nextMarketTime } from './marketTime.ts';
import type { MarketTime } from './marketTime.ts';
import { matchAtClose, matchAtOpen, matchOnArrival } from './matching.ts';
import type { Market, Match, MatchingOutcome, MatchingRules } from './matching.ts';
import type { RecordedBars } from './recordedBars.ts';
import { equity } from './valuation.ts';

/** What the exchange is made of. */
export interface PaperExchangeOptions {
  readonly journalPath: string;
  readonly bars: RecordedBars;
  readonly rules: MatchingRules;
  /** Buying power as a multiple of equity: 1 is a cash account, 2 is Regulation T margin. */
  readonly buyingPowerMultiple: 1 | 2;
}

/** Why market time does not move, or an account does not open. */
export interface ReplayRefusal {
  readonly kind: 'refused';
  readonly status: 404 | 409 | 422;
  readonly message: string;
}

/**
 * Accounts replaying recorded sessions, each at its own market time. Every change is decided first, then journalled as
 * one durable line, then applied: an answer is given only for what survives a crash. All of it is synchronous, so two
 * requests never interleave.
 */
export class PaperExchange {
  readonly market: Market & { readonly buyingPowerMultiple: 1 | 2 };
  readonly #accounts = new Map<string, Account>();
  readonly #journal: Journal<JournalEntry>;

  /** @throws Failure PAPER_EXCHANGE_JOURNAL_CORRUPT */
  constructor(options: PaperExchangeOptions) {
    this.market = { bars: options.bars, rules: options.rules, buyingPowerMultiple: options.buyingPowerMultiple };
    this.#journal = Journal.open<JournalEntry>(options.journalPath, (entry) => this.#apply(entry));
  }

  /** Names of all accounts, sorted. */
  accounts(): readonly string[] {
    return [...this.#accounts.keys()].sort();
  }

  /** The account as it stands. */
  account(name: string): AccountState | undefined {
    return this.#accounts.get(name)?.state;
  }

  /** Opens an account before the open of a session; an account that is there stays as it is. */
  openAccount(request: {
    readonly account: string;
    readonly cash: Money;
    readonly firstSession: SessionDate;
  }): AccountState | ReplayRefusal {
    const known = this.account(request.account);
    if (known !== undefined) return known;
    if (!this.market.bars.sessions.includes(request.firstSession)) {
      return { kind: 'refused', status: 422, message: `no recorded session ${request.firstSession}` };
    }
    const start: MarketTime = { session: request.firstSession, phase: 'beforeOpen' };
    this.#commit(request.account, [
      {
        kind: 'accountOpened',
        accountId: randomUUID(),
        cash: request.cash,
        session: request.firstSession,
        marketTimeMs: marketTimeMs(start),
      },
    ]);
    return this.#account(request.account).state;
  }

  /** Moves market time on, through every phase on the way, each of them one journal line. */
  advance(name: string, to: MarketTime): AccountState | ReplayRefusal {
    const state = this.account(name);
    if (state === undefined) return { kind: 'refused', status: 404, message: `no account ${name}` };
    if (!this.market.bars.sessions.includes(to.session)) {
      return { kind: 'refused', status: 422, message: `no recorded session ${to.session}` };
    }
    if (compareMarketTimes(to, state) < 0) {
      return {
        kind: 'refused',
        status: 409,
        message: `market time is ${state.session} ${state.phase} and never goes back to ${to.session} ${to.phase}`,
      };
    }
    while (compareMarketTimes(state, to) < 0) {
      const next = nextMarketTime(state, this.market.bars.sessions);
      if (next === undefined) throw new Error('a recorded session later than the last recorded session');
      this.#commit(name, this.#eventsOfReaching(state, next));
    }
    return state;
  }

  /** Judges and, where nothing stands against it, takes an order; while the session is open it may fill at once. */
  submit(name: string, terms: OrderTerms): PaperOrder | Refusal {
    const account = this.#account(name);
    const verdict = judge(account.state, terms, this.market);
    if (verdict.kind === 'refused') {
      this.recordRefusedSubmission(name, terms.clientOrderId, verdict.code);
      return verdict;
    }
    const orderId = randomUUID();
    const atMs = marketTimeMs(account.state);
    const events: ExchangeEvent[] = [
      { kind: 'orderAccepted', ...terms, orderId, session: verdict.session, marketTimeMs: atMs },
    ];
    const arrival = { ...terms, orderId, session: verdict.session };
    const match = account.state.phase === 'open' ? matchOnArrival(account.state, arrival, this.market) : undefined;
    if (match !== undefined) events.push(filled(match, verdict.session, atMs));
    this.#commit(name, events);
    return account.state.orders.get(orderId) as PaperOrder;
  }

  /** Notes a submission that became no order, so that what was received can be counted after any crash. */
  recordRefusedSubmission(name: string, clientOrderId: string, code: number): void {
    this.#commit(name, [{ kind: 'submissionRefused', clientOrderId, code }]);
  }

  /** Cancels what is left of an order. */
  cancel(name: string, orderId: string): 'cancelled' | 'alreadyDone' | 'unknown' {
    const { state } = this.#account(name);
    const order = state.orders.get(orderId);
    if (order === undefined) return 'unknown';
    if (isDone(order)) return 'alreadyDone';
    this.#commit(name, [{ kind: 'orderEnded', orderId, status: 'canceled', marketTimeMs: marketTimeMs(state) }]);
    return 'cancelled';
  }

  /** Whether the journal failed: nothing more is taken until the exchange starts anew. */
  get isBroken(): boolean {
    return this.#journal.isBroken;
  }

  /** Closes the journal. */
  close(): void {
    this.#journal.close();
  }

  #eventsOfReaching(state: AccountState, next: MarketTime): readonly ExchangeEvent[] {
    const lastEquity = next.phase === 'beforeOpen' ? equity(state, this.market.bars) : state.lastEquity;
    const reached: ExchangeEvent = { kind: 'phaseReached', ...next, lastEquity };
    const actions = next.phase === 'beforeOpen' ? corporateActionsBefore(state, next.session, this.market.bars) : [];
    return [reached, ...actions, ...outcomeEvents(this.#outcome(state, next), next)];
  }

  #outcome(state: AccountState, next: MarketTime): MatchingOutcome {
    const rules: Readonly<Record<MarketPhase, () => MatchingOutcome>> = {
      beforeOpen: () => ({ matches: [], ends: [] }),
      open: () => matchAtOpen(state, next.session, this.market),
      closed: () => matchAtClose(state, next.session, this.market),
    };
    return rules[next.phase]();
  }

  #commit(account: string, events: readonly ExchangeEvent[]): void {
    const entry: JournalEntry = { account, events };
    this.#journal.append(entry);
    this.#apply(entry);
  }

  #apply(entry: JournalEntry): void {
    for (const event of entry.events) {
      if (event.kind === 'accountOpened') this.#accounts.set(entry.account, Account.opened(entry.account, event));
      else this.#account(entry.account).apply(event);
    }
  }

  #account(name: string): Account {
    const account = this.#accounts.get(name);
    if (account === undefined) throw new Error(`no account ${name}`);
    return account;
  }
}

function outcomeEvents(outcome: MatchingOutcome, now: MarketTime): readonly ExchangeEvent[] {
  const atMs = marketTimeMs(now);
  return [
    ...outcome.matches.map((match) => filled(match, now.session, atMs)),
    ...outcome.ends.map((end) => ({ kind: 'orderEnded' as const, ...end, marketTimeMs: atMs })),
  ];
}

function filled(match: Match, session: SessionDate, atMs: number): OrderFilled {
  return { kind: 'orderFilled', ...match, executionId: activityId(atMs, randomUUID()), session, marketTimeMs: atMs };
}
