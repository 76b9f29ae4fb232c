import { dollars, money } from '#domain/money.ts';
import { decimalText } from '../alpaca/decimalText.ts';
import { newYorkDate } from '#domain/newYorkTime.ts';
import type { AccountState, Execution, PaperOrder } from './accountState.ts';
import { feeActivityId } from './activityIds.ts';
import type { DividendPaid, SharesSplit } from './events.ts';
import { timeText } from './wire.ts';

/** An activity as Alpaca tells it, with what it is selected by. */
export interface Activity {
  readonly id: string;
  readonly activityType: 'FILL' | 'FEE' | 'DIV' | 'SPLIT';
  readonly marketTimeMs: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Every activity of an account, oldest first: executions, their commissions, dividends and splits. */
export function activitiesOf(state: AccountState): readonly Activity[] {
  const all = [
    ...state.corporateActions.map((action) => (action.kind === 'dividendPaid' ? dividend(action) : split(action))),
    ...state.executions.flatMap((execution) => [
      fill(state, execution),
      ...(execution.commission > 0 ? [fee(state, execution)] : []),
    ]),
  ];
  // By time only: executions of one moment stay in the order in which they happened.
  return all.sort((a, b) => a.marketTimeMs - b.marketTimeMs);
}

function fill(state: AccountState, execution: Execution): Activity {
  const { accepted } = orderOf(state, execution);
  return activity('FILL', execution.executionId, {
    marketTimeMs: execution.marketTimeMs,
    members: {
      order_id: execution.orderId,
      type: execution.leavesQuantity === 0 ? 'fill' : 'partial_fill',
      order_status: execution.leavesQuantity === 0 ? 'filled' : 'partially_filled',
      symbol: accepted.symbol,
      side: accepted.side,
      price: decimalText(execution.price),
      qty: String(execution.quantity),
      cum_qty: String(execution.cumulativeQuantity),
      leaves_qty: String(execution.leavesQuantity),
      transaction_time: timeText(execution.marketTimeMs),
    },
  });
}

/** Alpaca books what a trade costs apart from it; `group_id` says which execution it is for. */
function fee(state: AccountState, execution: Execution): Activity {
  return nonTrade('FEE', feeActivityId(execution.executionId), {
    marketTimeMs: execution.marketTimeMs,
    members: {
      activity_sub_type: 'COM',
      group_id: execution.executionId,
      symbol: orderOf(state, execution).accepted.symbol,
      net_amount: decimalText(money(0 - execution.commission)),
    },
  });
}

function dividend({ activityId, marketTimeMs, symbol, quantity, cash }: DividendPaid): Activity {
  return nonTrade('DIV', activityId, {
    marketTimeMs,
    members: {
      activity_sub_type: 'CDIV',
      symbol,
      qty: String(quantity),
      net_amount: decimalText(cash),
      per_share_amount: String(Math.round((dollars(cash) / quantity) * 1e6) / 1e6),
    },
  });
}

/** `qty` is what the split adds to the position, negative for a reverse split. */
function split({ activityId, marketTimeMs, symbol, ...change }: SharesSplit): Activity {
  const added = change.quantityAfter - change.quantityBefore;
  return nonTrade('SPLIT', activityId, {
    marketTimeMs,
    members: {
      activity_sub_type: added >= 0 ? 'FSPLIT' : 'RSPLIT',
      symbol,
      qty: String(added),
      net_amount: decimalText(change.cashInLieu),
    },
  });
}

function nonTrade(
  activityType: Exclude<Activity['activityType'], 'FILL'>,
  id: string,
  booking: { readonly marketTimeMs: number; readonly members: Activity['body'] },
): Activity {
  const { marketTimeMs, members } = booking;
  const more = {
    date: newYorkDate(marketTimeMs),
    created_at: timeText(marketTimeMs),
    currency: 'USD',
    status: 'executed',
  };
  return activity(activityType, id, { marketTimeMs, members: { ...more, ...members } });
}

function activity(
  activityType: Activity['activityType'],
  id: string,
  { marketTimeMs, members }: { readonly marketTimeMs: number; readonly members: Activity['body'] },
): Activity {
  return { id, activityType, marketTimeMs, body: { id, activity_type: activityType, ...members } };
}

function orderOf(state: AccountState, { orderId }: Execution): PaperOrder {
  const order = state.orders.get(orderId);
  if (order === undefined) throw new Error(`no order ${orderId}`);
  return order;
}
