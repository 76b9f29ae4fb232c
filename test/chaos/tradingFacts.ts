import type { OrderRow } from '#activities/ports/ledger.ts';
import type { Fill } from '#domain/order.ts';
import { isEndState } from '#domain/orderState.ts';
import { comparePositions } from '#domain/reconcile.ts';
import { isDone, type AccountState, type PaperOrder } from '#infra/paperExchange/accountState.ts';
import type { Database } from '#infra/postgres/database.ts';
import { createLedger } from '#infra/postgres/ledger/ledger.ts';
import { doubled } from './counting.ts';

/** What stands of orders and fills in the ledger and at the exchange. */
export interface TradingFacts {
  readonly orders: number;
  readonly fills: number;
  readonly violations: readonly string[];
}

/** The exchange's own books. */
export interface Venue {
  accounts(): readonly string[];
  account(name: string): AccountState | undefined;
}

/** Ledger and exchange know the same orders, fills and positions, every order once, and every session is closed. */
export async function readTrading(database: Database, venue: Venue): Promise<TradingFacts> {
  const accounts = (await createLedger(database).accounts()).map(({ account }) => account);
  const books = await Promise.all(accounts.map((account) => readBook(database, account)));
  const strangers = venue.accounts().filter((account) => !accounts.includes(account));
  const violations = [
    ...(books.every(({ orders }) => orders.length === 0) ? ['no order was made'] : []),
    ...strangers.map((account) => `account ${account} is at the exchange and not in the ledger`),
    ...books.flatMap((book) => bookViolations(book, venue.account(book.account))),
  ];
  return {
    orders: books.reduce((sum, { orders }) => sum + orders.length, 0),
    fills: books.reduce((sum, { fills }) => sum + fills.length, 0),
    violations,
  };
}

/** Everything the ledger knows of an account. */
interface Book {
  readonly account: string;
  readonly orders: readonly OrderRow[];
  readonly fills: readonly Fill[];
  readonly positions: Readonly<Record<string, number>>;
  readonly sessions: readonly {
    readonly session: string;
    readonly closed: boolean;
    readonly report: Readonly<Record<string, unknown>>;
  }[];
}

async function readBook(database: Database, account: string): Promise<Book> {
  const ledger = createLedger(database);
  const dates = await database.query<{ session: OrderRow['session'] }>(
    'SELECT session FROM orders WHERE account = $1 UNION SELECT session FROM fills WHERE account = $1',
    [account],
  );
  const each = <Row>(read: (session: OrderRow['session']) => Promise<readonly Row[]>): Promise<readonly Row[]> =>
    Promise.all(dates.map(({ session }) => read(session))).then((rows) => rows.flat());
  return {
    account,
    orders: await each((session) => ledger.orders(account, session)),
    fills: await each((session) => ledger.fills(account, session)),
    positions: await ledger.positions(account),
    sessions: await ledger.sessions(account),
  };
}

function bookViolations(book: Book, venue: AccountState | undefined): readonly string[] {
  if (!venue) return [`account ${book.account} is in the ledger and not at the exchange`];
  const placed = [...venue.orders.values()];
  const held = Object.fromEntries([...venue.holdings].map(([symbol, { quantity }]) => [symbol, quantity]));
  return [
    ...doubled(
      'orders at the exchange under',
      placed.map(({ accepted }) => accepted.clientOrderId),
    ),
    // One order a symbol, session and strategy (closing all after a halt is another one): a second is a doubled order.
    ...doubled('orders at the exchange of', placed.map(whatOf)),
    ...doubled(
      'executions at the exchange under',
      venue.executions.map(({ executionId }) => executionId),
    ),
    ...book.orders.flatMap((order) => orderViolations(order, placed)),
    ...placed
      .filter((order) => !isKnown(order, book))
      .map((order) => `${idOf(order)} is at the exchange and not in the ledger`),
    ...fillViolations(book.fills, venue),
    ...comparePositions(book.positions, held).map((difference) => `${book.account}: ${difference}`),
    ...book.sessions.flatMap((session) => sessionViolations(book.account, session)),
  ];
}

function idOf({ accepted }: PaperOrder): string {
  return accepted.clientOrderId;
}

/** The decision an order carries out: its id without the sequence, which holds account, session, strategy and symbol. */
function whatOf(order: PaperOrder): string {
  return `${idOf(order).replace(/-\d+$/, '')} ${order.accepted.side}`;
}

function isKnown(order: PaperOrder, { orders }: Book): boolean {
  return orders.some(({ clientOrderId }) => clientOrderId === idOf(order));
}

/** An order of the ledger against that of the exchange. */
function orderViolations(order: OrderRow, placed: readonly PaperOrder[]): readonly string[] {
  const { clientOrderId: id, state } = order;
  const there = placed.find((other) => idOf(other) === id);
  if (!isEndState(state)) return [`${id} was left ${state}`];
  if (state === 'denied' || state === 'rejected')
    return there ? [`${id} is ${state} here and stands at the exchange`] : [];
  if (!there) return [`${id} is ${state} here and was lost: the exchange does not know it`];
  const { accepted, filledQuantity, ended } = there;
  const stateThere = ended
    ? ended.status === 'canceled'
      ? 'cancelled'
      : 'expired'
    : isDone(there)
      ? 'filled'
      : 'open';
  const [ours, theirs] = [
    [order.symbol, order.side, order.quantity, order.filledQuantity, state, order.brokerOrderId],
    [accepted.symbol, accepted.side, accepted.quantity, filledQuantity, stateThere, accepted.orderId],
  ].map((terms) => terms.join(' '));
  return ours === theirs ? [] : [`${id} is "${ours}" here and "${theirs}" at the exchange`];
}

/** Fills of the ledger against executions of the exchange, one by one. */
function fillViolations(fills: readonly Fill[], venue: AccountState): readonly string[] {
  const ours = new Map(
    fills.map(({ executionId, clientOrderId, quantity, price }) => [
      executionId,
      `${clientOrderId}: ${quantity} at ${price}`,
    ]),
  );
  const theirs = new Map(
    venue.executions.map(({ executionId, orderId, quantity, price }) => [
      executionId,
      `${venue.orders.get(orderId)?.accepted.clientOrderId}: ${quantity} at ${price}`,
    ]),
  );
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((executionId) => {
    const [here, there] = [ours.get(executionId), theirs.get(executionId)];
    if (here === there) return [];
    if (here === undefined) return [`fill ${executionId} (${there}) is missing in the ledger`];
    if (there === undefined) return [`fill ${executionId} (${here}) is in the ledger and not at the exchange`];
    return [`fill ${executionId} is "${here}" here and "${there}" at the exchange`];
  });
}

function sessionViolations(account: string, { session, closed, report }: Book['sessions'][number]): readonly string[] {
  if (!closed) return [`session ${session} of ${account} was left open`];
  return report.reconciled === true ? [] : [`session ${session} of ${account} was closed unreconciled`];
}
