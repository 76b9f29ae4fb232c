import type { LastTrade } from '#activities/ports/broker.ts';
import { checkTrades } from '#domain/limits.ts';
import { notional, shares, sumMoney, type Money } from '#domain/money.ts';
import type { OrderIntent } from '#domain/order.ts';
import { clientOrderId } from '#domain/orderState.ts';
import { limitsIn } from '#domain/regimeLimits.ts';
import { openingAuctionRules, rebalance, type Trade } from '#domain/rebalance.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { targetsUnder } from '#domain/sizing.ts';
import { preTradeLimitsOf } from '#domain/tradingTerms.ts';
import type { DecisionReference, PlannedOrders, SessionWorld } from './sessionActivities.ts';
import type { SessionPlan } from './tradingPlan.ts';

/**
 * Turns target weights into orders for the opening auction, each held against every limit. What is denied is written
 * down with limit and figure, and never sent.
 */
export async function planOrders(
  { ledger, brokerOf }: Pick<SessionWorld, 'ledger' | 'brokerOf'>,
  plan: SessionPlan,
  decision: DecisionReference,
): Promise<PlannedOrders> {
  const { account } = plan;
  const limits = limitsIn(plan.limits, decision.regime);
  const session = sessionDate(plan.session);
  const broker = brokerOf(account);
  const [book, held, row] = await Promise.all([broker.account(), broker.positions(), ledger.account(account)]);
  const state = row?.state ?? 'halted';
  const targets = targetsUnder(state, decision.targets);
  const positions = Object.fromEntries(held.map(({ symbol, quantity }) => [symbol, quantity]));
  const symbols = [...new Set([...Object.keys(targets), ...Object.keys(positions)])].sort();
  const prices = pricesOf(await broker.lastTrades(symbols));
  const { cash, equity } = book;
  const trades = rebalance(targets, { equity, cash, positions, prices }, openingAuctionRules);

  const ordersToday = (await ledger.orders(account, session)).length;
  const { phase } = await broker.clock();
  const checked = checkTrades(
    trades,
    {
      equity,
      buyingPower: cash,
      state,
      positions,
      grossExposure: sumMoney(
        held.map(({ quantity, marketPrice }) => notional(marketPrice, shares(Math.abs(quantity)))),
      ),
      ordersToday,
      working: await ledger.openOrders(account),
      lastPrices: prices,
      phase,
    },
    preTradeLimitsOf(limits),
  );
  const toIntent = (trade: Trade): OrderIntent => intentOf(plan, decision, trade);
  for (const answer of checked) {
    if (answer.kind === 'denied') await ledger.deny(toIntent(answer.trade), answer.denial);
  }
  const orders = checked.flatMap((answer) => (answer.kind === 'allowed' ? [toIntent(answer.trade)] : []));
  return { orders, denied: checked.length - orders.length };
}

function pricesOf(trades: Readonly<Record<string, LastTrade>>): Readonly<Record<string, Money>> {
  return Object.fromEntries(Object.entries(trades).map(([symbol, { price }]) => [symbol, price]));
}

/** The order of a trade; the same session, strategy and symbol give the same id, so that a repeat is no second order. */
function intentOf(plan: SessionPlan, decision: DecisionReference, trade: Trade): OrderIntent {
  const session = sessionDate(plan.session);
  const { account, strategy } = plan;
  return {
    clientOrderId: clientOrderId({ account, session, strategy, symbol: trade.symbol, sequence: 0 }),
    account,
    session,
    strategy,
    symbol: trade.symbol,
    side: trade.side,
    quantity: trade.quantity,
    kind: { kind: 'market' },
    timeInForce: 'opening',
    reduceOnly: trade.reduceOnly,
    decisionId: decision.decisionId,
    ...(decision.artifactDigest !== undefined && { artifactDigest: decision.artifactDigest }),
  };
}
