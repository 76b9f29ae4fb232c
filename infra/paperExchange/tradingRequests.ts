import { randomUUID } from 'node:crypto';
import { exactMoney, wholeShares } from '../alpaca/decimalText.ts';
import type { OrderTerms } from './events.ts';

/** Query of GET /v2/calendar. */
export interface CalendarQuery {
  readonly start?: string;
  readonly end?: string;
}

/** Query of GET /v2/account/activities, with and without a type in its path. */
export interface ActivitiesQuery {
  /** Types separated by commas. */
  readonly activity_types?: string;
  readonly category?: 'trade_activity' | 'non_trade_activity';
  readonly date?: string;
  readonly direction: 'asc' | 'desc';
  readonly page_size: number;
  readonly page_token?: string;
}

/** Query of GET /v2/orders. */
export interface OrdersQuery {
  readonly status: 'open' | 'closed' | 'all';
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  readonly symbols?: string;
  readonly after_order_id?: string;
}

/** Body of POST /v2/orders, the part the exchange takes. */
export interface NewOrderBody {
  readonly symbol: string;
  readonly qty: string;
  readonly side: 'buy' | 'sell';
  readonly type: 'market' | 'limit';
  readonly time_in_force: 'day' | 'opg' | 'cls';
  readonly limit_price?: string;
  readonly client_order_id?: string;
}

const date = { type: 'string', pattern: String.raw`^\d{4}-\d{2}-\d{2}$` } as const;
const text = { type: 'string', minLength: 1 } as const;
const direction = { type: 'string', enum: ['asc', 'desc'], default: 'desc' } as const;

/** JSON schema of CalendarQuery. */
export const calendarQuery = { type: 'object', properties: { start: date, end: date } } as const;

/** JSON schema of ActivitiesQuery, with Alpaca's defaults. */
export const activitiesQuery = {
  type: 'object',
  properties: {
    activity_types: text,
    category: { type: 'string', enum: ['trade_activity', 'non_trade_activity'] },
    date,
    direction,
    page_size: { type: 'integer', minimum: 1, maximum: 100, default: 100 },
    page_token: text,
  },
} as const;

/** JSON schema of OrdersQuery, with Alpaca's defaults. */
export const ordersQuery = {
  type: 'object',
  properties: {
    status: { type: 'string', enum: ['open', 'closed', 'all'], default: 'open' },
    direction,
    limit: { type: 'integer', minimum: 1, maximum: 500, default: 50 },
    symbols: text,
    after_order_id: text,
  },
} as const;

/** JSON schema of the query of GET /v2/stocks/trades/latest. */
export const latestTradesQuery = { type: 'object', required: ['symbols'], properties: { symbols: text } } as const;

/** JSON schema of NewOrderBody; what the exchange does not do (stops, notional orders) is refused, not ignored. */
export const orderBodySchema = {
  type: 'object',
  required: ['symbol', 'qty', 'side', 'type', 'time_in_force'],
  additionalProperties: false,
  properties: {
    symbol: text,
    qty: text,
    side: { type: 'string', enum: ['buy', 'sell'] },
    type: { type: 'string', enum: ['market', 'limit'] },
    time_in_force: { type: 'string', enum: ['day', 'opg', 'cls'] },
    limit_price: text,
    client_order_id: { ...text, maxLength: 128 },
    order_class: { type: 'string', enum: ['simple', ''] },
    extended_hours: { type: 'boolean', enum: [false] },
  },
} as const;

const timesInForce = { day: 'day', opg: 'opening', cls: 'closing' } as const;

/** The terms of a new order, or why Alpaca would not take them; an order without a client order id is given one. */
export function orderTerms(body: NewOrderBody): OrderTerms | string {
  if (body.type === 'limit' && body.limit_price === undefined) return 'limit orders require limit price';
  if (body.type === 'market' && body.limit_price !== undefined) return 'market orders require no stop or limit price';
  try {
    const quantity = wholeShares(body.qty);
    if (quantity <= 0) return 'qty must be > 0';
    const limitPrice = body.limit_price === undefined ? undefined : exactMoney(body.limit_price);
    if (limitPrice !== undefined && limitPrice <= 0) return 'limit_price must be > 0';
    return {
      clientOrderId: body.client_order_id ?? randomUUID(),
      symbol: body.symbol,
      side: body.side,
      quantity,
      ...(limitPrice === undefined ? {} : { limitPrice }),
      timeInForce: timesInForce[body.time_in_force],
    };
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}
