import type { z } from 'zod';
import type {
  Broker,
  BrokerAccount,
  BrokerOrder,
  BrokerPosition,
  LastTrade,
  MarketClock,
  SubmitAnswer,
} from '#activities/ports/broker.ts';
import type { Adjustment } from '#domain/adjustment.ts';
import { Failure } from '#domain/failure.ts';
import { shares } from '#domain/money.ts';
import { isOrderOf } from '#domain/order.ts';
import type { Fill, OrderIntent } from '#domain/order.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import {
  accepted,
  address,
  answerLost,
  defaultDataUrl,
  errorText,
  exactly,
  fillOf,
  parsed,
  refused,
  unreachable,
  unreadable,
} from './alpacaAnswers.ts';
import { connectionProblem } from '../http/exchange.ts';
import { AlpacaHttp } from './alpacaHttp.ts';
import type { AlpacaCredentials } from './alpacaHttp.ts';
import * as wire from './alpacaWire.ts';
import type { AlpacaBooking, AlpacaFill, AlpacaOrder } from './alpacaWire.ts';
import { moneyRoundedHalfAway, wholeShares } from './decimalText.ts';
import { isPaperUrl, requireLiveTradingEnabled } from './liveTrading.ts';
import type { LiveTradingSwitches } from './liveTrading.ts';
import { newYorkDate } from '#domain/newYorkTime.ts';
import { adjustmentOf, commissionOf, isCommissionOf } from './bookings.ts';
import { brokerOrder, orderRequestBody } from './orderMapping.ts';

/** How to reach one account at Alpaca or at anything that speaks its trading API. */
export interface AlpacaBrokerOptions {
  /** Trading API: `https://paper-api.alpaca.markets`, our paper exchange, or the live host with both switches. */
  readonly tradingUrl: string;
  /** Market data API; by default the trading address on this machine, else `https://data.alpaca.markets`. */
  readonly dataUrl?: string;
  /** Market data feed, e.g. `iex` where the account has no other. */
  readonly dataFeed?: 'iex' | 'sip' | 'delayed_sip';
  readonly credentials: AlpacaCredentials;
  readonly live?: LiveTradingSwitches;
  /** Default 10,000. */
  readonly timeoutMs?: number;
  /** Attempts of a read, default 4. */
  readonly readAttemptsMax?: number;
  /** Wait before a read's second attempt, doubling; default 250. */
  readonly retryWaitMs?: number;
  readonly signal?: AbortSignal;
}

const ordersPerPage = 500;
const activitiesPerPage = 100;
/** A venue that never ends its list is broken; no day of ours comes near 20,000 fills. */
const pagesMax = 200;
const calendarLookBackMs = 14 * 86_400_000;
const duplicateClientOrderId = /client[_ ]order[_ ]id must be unique/i;

/**
 * One account at Alpaca, over its trading API version 2. An order is posted exactly once: whatever is not a definite
 * answer is BROKER_ANSWER_LOST. A definite refusal (4xx) is a value, not a failure.
 */
export class AlpacaBroker implements Broker {
  readonly name: string;
  /** Alpaca answers 422 to a client order id it has seen: absence can be proven by asking. */
  readonly refusesDuplicateClientOrderIds = true;
  readonly #http: AlpacaHttp;
  readonly #options: AlpacaBrokerOptions;
  /** Alpaca names executions by its own order id; which client order that is never changes. */
  readonly #clientOrderIds = new Map<string, string>();

  /** @throws Failure LIVE_TRADING_NOT_ENABLED for an address that would trade real money without both switches */
  constructor(options: AlpacaBrokerOptions) {
    requireLiveTradingEnabled(options.tradingUrl, options.live);
    this.#options = options;
    this.name = isPaperUrl(options.tradingUrl) ? 'alpaca-paper' : 'alpaca-live';
    this.#http = new AlpacaHttp({
      credentials: options.credentials,
      timeoutMs: options.timeoutMs ?? 10_000,
      readAttemptsMax: options.readAttemptsMax ?? 4,
      retryWaitMs: options.retryWaitMs ?? 250,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  }

  /** The venue's time. Between a close and midnight, on weekends and holidays the last session counts as closed. */
  async clock(): Promise<MarketClock> {
    const clock = await this.#read(this.#trading('/v2/clock'), wire.alpacaClockSchema);
    const marketTimeMs = Date.parse(clock.timestamp);
    const today = newYorkDate(marketTimeMs);
    if (clock.is_open) return { marketTimeMs, session: today, phase: 'open' };
    if (newYorkDate(Date.parse(clock.next_open)) === today)
      return { marketTimeMs, session: today, phase: 'beforeOpen' };
    const start = newYorkDate(marketTimeMs - calendarLookBackMs);
    const days = await this.#read(this.#trading('/v2/calendar', { start, end: today }), wire.alpacaCalendarSchema);
    const last = days.map(({ date }) => date).findLast((date) => date <= today);
    if (last === undefined) throw unreadable('/v2/calendar', `no session from ${start} to ${today}`);
    return { marketTimeMs, session: sessionDate(last), phase: 'closed' };
  }

  async account(): Promise<BrokerAccount> {
    const account = await this.#read(this.#trading('/v2/account'), wire.alpacaAccountSchema);
    return exactly('/v2/account', () => ({
      cash: moneyRoundedHalfAway(account.cash),
      equity: moneyRoundedHalfAway(account.equity),
      lastEquity: moneyRoundedHalfAway(account.last_equity),
    }));
  }

  async positions(): Promise<readonly BrokerPosition[]> {
    const positions = await this.#read(this.#trading('/v2/positions'), wire.alpacaPositionSchema.array());
    return exactly('/v2/positions', () =>
      positions.map((position) => ({
        symbol: position.symbol,
        quantity: shares((position.side === 'short' ? -1 : 1) * Math.abs(wholeShares(position.qty))),
        averagePrice: moneyRoundedHalfAway(position.avg_entry_price),
        marketPrice: moneyRoundedHalfAway(position.current_price),
      })),
    );
  }

  /**
   * Posts the order once. A venue that already has the client order id answers with that order, when it is the same one.
   * @throws Failure BROKER_ANSWER_LOST when it is not known whether the venue took the order; CLIENT_ORDER_ID_TAKEN when
   * the venue holds another order under the id
   */
  async submit(intent: OrderIntent): Promise<SubmitAnswer> {
    const answer = await this.#http
      .send('POST', this.#trading('/v2/orders'), orderRequestBody(intent))
      .catch((error: unknown) => {
        throw answerLost(intent, connectionProblem(error), error);
      });
    if (answer.status >= 200 && answer.status < 300) return accepted(intent, answer);
    // 408 comes from machines in between, which may have passed the order on.
    if (answer.status < 400 || answer.status >= 500 || answer.status === 408) {
      throw answerLost(intent, `status ${answer.status}`);
    }
    const reason = errorText(answer);
    if (answer.status === 422 && duplicateClientOrderId.test(reason)) return this.#alreadyAccepted(intent);
    return { kind: 'rejected', reason };
  }

  async orderByClientOrderId(clientOrderId: string): Promise<BrokerOrder | undefined> {
    const order = await this.#orderByClientOrderId(clientOrderId);
    return order === undefined ? undefined : exactly('/v2/orders', () => brokerOrder(order));
  }

  async openOrders(): Promise<readonly BrokerOrder[]> {
    const query = { status: 'open', direction: 'asc', limit: String(ordersPerPage) };
    const orders = await this.#pages(wire.alpacaOrderSchema, ordersPerPage, (lastId) =>
      this.#trading('/v2/orders', lastId === undefined ? query : { ...query, after_order_id: lastId }),
    );
    return exactly('/v2/orders', () => orders.map(brokerOrder));
  }

  /** @throws Failure BROKER_UNREACHABLE when no answer came: cancelling again is safe */
  async cancel(brokerOrderId: string): Promise<void> {
    const url = this.#trading(`/v2/orders/${encodeURIComponent(brokerOrderId)}`);
    const answer = await this.#http.send('DELETE', url).catch((error: unknown) => {
      throw unreachable(url, connectionProblem(error), error);
    });
    // 422 says that the order is past cancelling: it is done, and left alone.
    if (answer.status === 204 || answer.status === 200 || answer.status === 422) return;
    if (answer.status === 429 || answer.status >= 500) throw unreachable(url, `status ${answer.status}`);
    throw refused(url.pathname, answer);
  }

  async fills(session: SessionDate): Promise<readonly Fill[]> {
    const activities = await this.#executions(session);
    const bookings = await this.#bookings(session);
    const fills: Fill[] = [];
    for (const activity of activities) {
      if (newYorkDate(Date.parse(activity.transaction_time)) !== session) continue;
      const commission = exactly('/v2/account/activities', () => commissionOf(activity.id, bookings));
      fills.push(fillOf(activity, await this.#clientOrderIdOf(activity.order_id), commission));
    }
    return fills;
  }

  /** Everything booked on the day but executions and their commissions, which their fills carry. */
  async adjustments(session: SessionDate): Promise<readonly Adjustment[]> {
    const executions = new Set((await this.#executions(session)).map(({ id }) => id));
    const bookings = (await this.#bookings(session)).filter((booking) => !isCommissionOf(booking, executions));
    return exactly('/v2/account/activities', () => bookings.map(adjustmentOf));
  }

  async lastTrades(symbols: readonly string[]): Promise<Readonly<Record<string, LastTrade>>> {
    if (symbols.length === 0) return {};
    const feed = this.#options.dataFeed;
    const base = this.#options.dataUrl ?? defaultDataUrl(this.#options.tradingUrl);
    const query = { symbols: symbols.join(','), ...(feed === undefined ? {} : { feed }) };
    const { trades } = await this.#read(
      address(base, '/v2/stocks/trades/latest', query),
      wire.alpacaLatestTradesSchema,
    );
    return exactly('/v2/stocks/trades/latest', () =>
      Object.fromEntries(
        Object.entries(trades).map(([symbol, { p, t }]) => [
          symbol,
          { price: moneyRoundedHalfAway(String(p)), marketTimeMs: Date.parse(t) },
        ]),
      ),
    );
  }

  /** Closes idle connections; the broker is not used afterwards. */
  async close(): Promise<void> {
    await this.#http.close();
  }

  async #alreadyAccepted(intent: OrderIntent): Promise<SubmitAnswer> {
    const order = await this.#orderByClientOrderId(intent.clientOrderId);
    if (order === undefined) throw answerLost(intent, 'the venue knows the client order id but shows no order');
    const known = exactly('/v2/orders', () => brokerOrder(order));
    if (!isOrderOf(intent, known)) {
      throw new Failure('CLIENT_ORDER_ID_TAKEN', `another order bears ${intent.clientOrderId} at the venue`, {
        clientOrderId: intent.clientOrderId,
        brokerOrderId: order.id,
      });
    }
    return { kind: 'accepted', order: known };
  }

  async #orderByClientOrderId(clientOrderId: string): Promise<AlpacaOrder | undefined> {
    const url = this.#trading('/v2/orders:by_client_order_id', { client_order_id: clientOrderId });
    const answer = await this.#http.get(url);
    return answer.status === 404 ? undefined : parsed(url.pathname, answer, wire.alpacaOrderSchema);
  }

  async #clientOrderIdOf(brokerOrderId: string): Promise<string> {
    const known = this.#clientOrderIds.get(brokerOrderId);
    if (known !== undefined) return known;
    const order = await this.#read(
      this.#trading(`/v2/orders/${encodeURIComponent(brokerOrderId)}`),
      wire.alpacaOrderSchema,
    );
    this.#clientOrderIds.set(brokerOrderId, order.client_order_id);
    return order.client_order_id;
  }

  #executions(session: SessionDate): Promise<readonly AlpacaFill[]> {
    const query = { date: session, direction: 'asc', page_size: String(activitiesPerPage) };
    return this.#pages(wire.alpacaFillSchema, activitiesPerPage, (lastId) =>
      this.#trading('/v2/account/activities/FILL', lastId === undefined ? query : { ...query, page_token: lastId }),
    );
  }

  #bookings(session: SessionDate): Promise<readonly AlpacaBooking[]> {
    const query = {
      category: 'non_trade_activity',
      date: session,
      direction: 'asc',
      page_size: String(activitiesPerPage),
    };
    return this.#pages(wire.alpacaBookingSchema, activitiesPerPage, (lastId) =>
      this.#trading('/v2/account/activities', lastId === undefined ? query : { ...query, page_token: lastId }),
    );
  }

  /** Every item of a list, page after page, each asked for by the last item before it. */
  async #pages<Item extends { readonly id: string }>(
    schema: z.ZodType<Item>,
    perPage: number,
    urlAfter: (lastId: string | undefined) => URL,
  ): Promise<readonly Item[]> {
    const items: Item[] = [];
    for (let page = 1; page <= pagesMax; page += 1) {
      const found = await this.#read(urlAfter(items.at(-1)?.id), schema.array());
      items.push(...found);
      if (found.length < perPage) return items;
    }
    throw unreadable(urlAfter(undefined).pathname, `still a full page after ${pagesMax} pages`);
  }

  async #read<Shape extends z.ZodType>(url: URL, schema: Shape): Promise<z.infer<Shape>> {
    return parsed(url.pathname, await this.#http.get(url), schema);
  }

  #trading(path: string, query: Readonly<Record<string, string>> = {}): URL {
    return address(this.#options.tradingUrl, path, query);
  }
}
