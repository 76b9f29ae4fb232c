import { checkTrades, type CheckedTrade } from '#domain/limits.ts';
import type { OrderIntent } from '#domain/order.ts';
import { clientOrderId } from '#domain/orderState.ts';
import { limitsIn } from '#domain/regimeLimits.ts';
import { rebalance, rulesUnder, type Trade } from '#domain/rebalance.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { targetsUnder } from '#domain/sizing.ts';
import { preTradeLimitsOf, rebalanceRulesOf } from '#domain/tradingTerms.ts';
import { accountStanding } from './accountStanding.ts';
import { appendOnce } from './appendOnce.ts';
import type { DecisionReference, PlannedOrders, SessionWorld } from './sessionActivities.ts';
import type { SessionPlan } from './tradingPlan.ts';

/**
 * Turns target weights into orders for the opening auction, each held against every limit. What is denied is written
 * down with limit and figure, and never sent; what is made smaller stands in the audit chain with what was asked.
 */
export async function planOrders(
  world: Pick<SessionWorld, 'ledger' | 'brokerOf' | 'audit'>,
  plan: SessionPlan,
  decision: DecisionReference,
): Promise<PlannedOrders> {
  const limits = preTradeLimitsOf(limitsIn(plan.limits, decision.regime));
  const account = await accountStanding(world, plan, Object.keys(decision.targets));
  const { equity, buyingPower: cash, positions, lastPrices: prices } = account;
  const targets = targetsUnder(account.state, decision.targets);
  const rules = rulesUnder(account.state, rebalanceRulesOf(plan.limits));
  const trades = rebalance(targets, { equity, cash, positions, prices }, rules);
  const checked = checkTrades(trades, account, limits);
  for (const answer of checked) await writeDown(world, intentOf(plan, decision, answer.trade), answer);
  const orders = checked
    .filter(({ kind }) => kind !== 'denied')
    .map(({ trade }): OrderIntent => intentOf(plan, decision, trade));
  const reduced = checked.filter(({ kind }) => kind === 'reduced').length;
  return { orders, denied: checked.length - orders.length, reduced };
}

/** Leaves a record of every answer that is not plain consent. */
async function writeDown(
  { ledger, audit }: Pick<SessionWorld, 'ledger' | 'audit'>,
  intent: OrderIntent,
  answer: CheckedTrade,
): Promise<void> {
  if (answer.kind === 'denied') await ledger.deny(intent, answer.denial);
  if (answer.kind !== 'reduced') return;
  const { account, clientOrderId, symbol, side, quantity } = intent;
  // A repeated planning may meet other prices: each size an order was cut to has a record.
  await appendOnce(audit, {
    key: `order-reduced:${clientOrderId}:${quantity}`,
    actor: 'limits',
    action: 'order.reduced',
    subject: `account:${account}`,
    body: { clientOrderId, symbol, side, quantity, ...answer.reduction },
  });
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
