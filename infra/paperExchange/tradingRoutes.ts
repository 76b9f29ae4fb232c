import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { newYorkDate } from '#domain/newYorkTime.ts';
import { isDone } from './accountState.ts';
import type { AccountState, PaperOrder } from './accountState.ts';
import { activitiesOf } from './activityBodies.ts';
import type { Activity } from './activityBodies.ts';
import type { PaperExchange } from './exchange.ts';
import type { MisbehaviourSwitches } from './misbehaviour.ts';
import {
  activitiesQuery,
  calendarQuery,
  latestTradesQuery,
  orderBodySchema,
  ordersQuery,
  orderTerms,
} from './tradingRequests.ts';
import type { ActivitiesQuery, CalendarQuery, NewOrderBody, OrdersQuery } from './tradingRequests.ts';
import * as wire from './wire.ts';

/** What the trading interface needs. */
export interface TradingContext {
  readonly exchange: PaperExchange;
  readonly switches: MisbehaviourSwitches;
  /** The account whose key pair the request carries, or undefined. */
  readonly accountOf: (request: FastifyRequest) => AccountState | undefined;
}

const invalidCode = 42_210_000;
const unauthorized = { code: 40_110_000, message: 'request is not authorized' } as const;
const orderNotFound = { code: 40_410_000, message: 'order not found' } as const;
const internalError = { code: 50_010_000, message: 'internal server error occurred' } as const;
const notCancelable = { code: invalidCode, message: 'order is not cancelable' } as const;

/** Alpaca's trading API, version 2, as far as a broker adapter needs it, for the account of the request's key pair. */
export function registerTradingRoutes(server: FastifyInstance, context: TradingContext): void {
  const { bars } = context.exchange.market;
  const asAccount = <Body>(answer: (account: AccountState, request: FastifyRequest, reply: FastifyReply) => Body) => {
    return async (request: FastifyRequest, reply: FastifyReply): Promise<Body | FastifyReply> => {
      const account = context.accountOf(request);
      if (account === undefined) return reply.code(401).send(unauthorized);
      return answer(account, request, reply);
    };
  };
  server.get(
    '/v2/account',
    asAccount((account) => wire.accountBody(account, context.exchange.market)),
  );
  server.get(
    '/v2/clock',
    asAccount((account) => wire.clockBody(account, bars)),
  );
  server.get(
    '/v2/calendar',
    { schema: { querystring: calendarQuery } },
    asAccount((account, request) => wire.calendarBody(account, bars, request.query as CalendarQuery)),
  );
  server.get(
    '/v2/positions',
    asAccount((account) =>
      [...account.holdings.keys()].sort().map((symbol) => wire.positionBody(account, symbol, bars)),
    ),
  );
  server.get(
    '/v2/account/activities',
    { schema: { querystring: activitiesQuery } },
    asAccount((account, request) => activities(account, request.query as ActivitiesQuery)),
  );
  server.get(
    '/v2/account/activities/:activityType',
    { schema: { querystring: activitiesQuery } },
    asAccount((account, request) => {
      const { activityType } = request.params as { readonly activityType: string };
      return activities(account, { ...(request.query as ActivitiesQuery), activity_types: activityType });
    }),
  );
  server.get(
    '/v2/stocks/trades/latest',
    { schema: { querystring: latestTradesQuery } },
    asAccount((account, request) => {
      const { symbols } = request.query as { readonly symbols: string };
      return wire.latestTradesBody(symbols.split(','), account, bars);
    }),
  );
  registerOrderRoutes(server, context, asAccount);
}

type AsAccount = <Body>(
  answer: (account: AccountState, request: FastifyRequest, reply: FastifyReply) => Body,
) => (request: FastifyRequest, reply: FastifyReply) => Promise<Body | FastifyReply>;

function registerOrderRoutes(server: FastifyInstance, context: TradingContext, asAccount: AsAccount): void {
  const found = (order: PaperOrder | undefined, account: AccountState, reply: FastifyReply): unknown =>
    order === undefined ? reply.code(404).send(orderNotFound) : wire.orderBody(order, account);
  server.get(
    '/v2/orders',
    { schema: { querystring: ordersQuery } },
    asAccount((account, request) =>
      selected(account, request.query as OrdersQuery).map((order) => wire.orderBody(order, account)),
    ),
  );
  server.get(
    '/v2/orders::by_client_order_id',
    asAccount((account, request, reply) => {
      const { client_order_id: clientOrderId = '' } = request.query as { readonly client_order_id?: string };
      return found(account.orders.get(account.orderIdByClientOrderId.get(clientOrderId) ?? ''), account, reply);
    }),
  );
  server.get(
    '/v2/orders/:orderId',
    asAccount((account, request, reply) => found(account.orders.get(orderIdOf(request)), account, reply)),
  );
  server.delete(
    '/v2/orders/:orderId',
    asAccount((account, request, reply) => {
      const outcome = context.exchange.cancel(account.account, orderIdOf(request));
      if (outcome === 'unknown') return reply.code(404).send(orderNotFound);
      return outcome === 'alreadyDone' ? reply.code(422).send(notCancelable) : reply.code(204).send();
    }),
  );
  server.post(
    '/v2/orders',
    { schema: { body: orderBodySchema } },
    asAccount(async (account, request, reply) => submit(context, account, { request, reply })),
  );
}

async function submit(
  context: TradingContext,
  account: AccountState,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<unknown> {
  const body = request.body as NewOrderBody;
  const terms = orderTerms(body);
  if (typeof terms === 'string') {
    context.exchange.recordRefusedSubmission(account.account, body.client_order_id ?? '', invalidCode);
    return reply.code(422).send({ code: invalidCode, message: terms });
  }
  const misbehaviour = context.switches.next(account.account);
  if (misbehaviour?.kind === 'failBefore') {
    context.exchange.recordRefusedSubmission(account.account, terms.clientOrderId, internalError.code);
    return reply.code(500).send(internalError);
  }
  if (misbehaviour?.kind === 'dropRequest') return cutConnection(request, reply);
  const outcome = context.exchange.submit(account.account, terms);
  if (misbehaviour?.kind === 'delay') await delay(misbehaviour.delayMs);
  if (misbehaviour?.kind === 'dropAnswer') return cutConnection(request, reply);
  if ('kind' in outcome) {
    return reply.code(outcome.status).send({ code: outcome.code, message: outcome.message, ...outcome.facts });
  }
  return wire.orderBody(outcome, account);
}

/** Ends a request without an answer. */
function cutConnection(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack();
  request.raw.socket.destroy();
  return reply;
}

function activities(account: AccountState, query: ActivitiesQuery): readonly unknown[] {
  const all = activitiesOf(account);
  const ordered = query.direction === 'asc' ? all : [...all].reverse();
  const after = query.page_token;
  const start = after === undefined ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
  const types = query.activity_types?.split(',');
  const category = (type: Activity['activityType']): string =>
    type === 'FILL' ? 'trade_activity' : 'non_trade_activity';
  return ordered
    .slice(start)
    .filter(({ activityType }) => types === undefined || types.includes(activityType))
    .filter(({ activityType }) => query.category === undefined || query.category === category(activityType))
    .filter(({ marketTimeMs }) => query.date === undefined || newYorkDate(marketTimeMs) === query.date)
    .slice(0, query.page_size)
    .map(({ body }) => body);
}

function selected(account: AccountState, query: OrdersQuery): readonly PaperOrder[] {
  const all = [...account.orders.values()];
  const after = query.after_order_id;
  const start = after === undefined ? 0 : all.findIndex(({ accepted }) => accepted.orderId === after) + 1;
  const symbols = query.symbols?.split(',');
  const matching = all
    .slice(start)
    .filter((order) => query.status === 'all' || isDone(order) === (query.status === 'closed'))
    .filter((order) => symbols === undefined || symbols.includes(order.accepted.symbol));
  return (query.direction === 'asc' ? matching : matching.reverse()).slice(0, query.limit);
}

function orderIdOf(request: FastifyRequest): string {
  return (request.params as { readonly orderId: string }).orderId;
}
