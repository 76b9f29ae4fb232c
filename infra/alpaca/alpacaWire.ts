import { z } from 'zod';

/** Every status of an order in Alpaca's specification (OrderStatus). */
export const alpacaOrderStatuses = [
  'new',
  'partially_filled',
  'filled',
  'done_for_day',
  'canceled',
  'expired',
  'replaced',
  'pending_cancel',
  'pending_replace',
  'accepted',
  'pending_new',
  'accepted_for_bidding',
  'stopped',
  'rejected',
  'suspended',
  'calculated',
  'held',
] as const;

/** A status of an order at Alpaca. */
export type AlpacaOrderStatus = (typeof alpacaOrderStatuses)[number];

/** The part of Alpaca's Order that we read. */
export const alpacaOrderSchema = z.object({
  id: z.string(),
  client_order_id: z.string(),
  symbol: z.string(),
  side: z.enum(['buy', 'sell']),
  qty: z.string().nullable(),
  filled_qty: z.string(),
  status: z.enum(alpacaOrderStatuses),
  submitted_at: z.string(),
});

/** Alpaca's order, as far as we read it. */
export type AlpacaOrder = z.infer<typeof alpacaOrderSchema>;

/** The part of Alpaca's Account that we read. */
export const alpacaAccountSchema = z.object({ cash: z.string(), equity: z.string(), last_equity: z.string() });

/** The part of Alpaca's Position that we read. */
export const alpacaPositionSchema = z.object({
  symbol: z.string(),
  qty: z.string(),
  side: z.enum(['long', 'short']),
  avg_entry_price: z.string(),
  current_price: z.string(),
});

/** Alpaca's legacy clock. */
export const alpacaClockSchema = z.object({
  timestamp: z.string(),
  is_open: z.boolean(),
  next_open: z.string(),
  next_close: z.string(),
});

/** A day of Alpaca's calendar. */
export const alpacaCalendarSchema = z.array(z.object({ date: z.string() }));

/** An execution among Alpaca's account activities. */
export const alpacaFillSchema = z.object({
  id: z.string(),
  order_id: z.string(),
  symbol: z.string(),
  side: z.enum(['buy', 'sell', 'sell_short']),
  qty: z.string(),
  price: z.string(),
  transaction_time: z.string(),
});

/** What Alpaca books beside executions (NonTradeActivities): dividends, splits, fees, transfers. */
export const alpacaBookingSchema = z.object({
  id: z.string(),
  activity_type: z.string(),
  activity_sub_type: z.string().optional(),
  date: z.string(),
  net_amount: z.string().optional(),
  symbol: z.string().optional(),
  qty: z.string().optional(),
  /** Links what belongs together: for a commission, the execution it is for. */
  group_id: z.string().optional(),
  status: z.enum(['executed', 'correct', 'canceled']).optional(),
});

/** A booking at Alpaca. */
export type AlpacaBooking = z.infer<typeof alpacaBookingSchema>;

/** An execution at Alpaca. */
export type AlpacaFill = z.infer<typeof alpacaFillSchema>;

/** Latest trades of Alpaca's market data; `p` is the price in dollars, a JSON number. */
export const alpacaLatestTradesSchema = z.object({
  trades: z.record(z.string(), z.object({ p: z.number().positive(), t: z.string() })),
});

/** Alpaca's error body; some answers carry no code. */
export const alpacaErrorSchema = z.object({ code: z.number().optional(), message: z.string().optional() });
