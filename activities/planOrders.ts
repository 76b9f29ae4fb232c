import type { Ledger } from '#activities/ports/ledger.ts';
import { checkTrades } from '#domain/limits.ts';
import type { OrderIntent } from '#domain/order.ts';
import { clientOrderId, isEndState } from '#domain/orderState.ts';
import type { PlannedOrder } from '#domain/plannedOrder.ts';
import { limitsIn } from '#domain/regimeLimits.ts';
import type { Trade } from '#domain/rebalance.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { tradesToTargets } from '#domain/tradesToTargets.ts';
import { preTradeLimitsOf, rebalanceRulesOf } from '#domain/tradingTerms.ts';
import { accountStanding } from './accountStanding.ts';
import type { DecisionReference, PlannedOrders, SessionWorld } from './sessionActivities.ts';
import type { SessionPlan } from './tradingPlan.ts';
import { warn } from './warn.ts';

type PlanningWorld = Pick<SessionWorld, 'ledger' | 'brokerOf' | 'audit'>;

/**
 * Turns target weights into orders for the opening auction, each held against every limit. What is denied is written
 * down with limit and figure, and never sent; what is made smaller stands in the audit chain with what was asked. A
 * decision is planned once: asked again, by a repeat or by a session that was started again, the orders that have not
 * ended are answered as they were planned, and those that were never sent are withdrawn when their auction is over.
 */
export async function planOrders(
  world: PlanningWorld,
  plan: SessionPlan,
  decision: DecisionReference,
): Promise<PlannedOrders> {
  const { ledger } = world;
  const { decisionId } = decision;
  const standing = await ledger.sessionPlan(decisionId);
  const planned = standing ?? (await ledger.recordSessionPlan(decisionId, await newPlan(world, plan, decision)));
  for (const order of planned) await writeDown(world, order);
  const intents = planned.filter(({ kind }) => kind !== 'denied').map(({ intent }) => intent);
  const orders = standing ? await ordersLeft(world, plan, intents) : intents;
  const reduced = planned.filter(({ kind }) => kind === 'reduced').length;
  return { orders, denied: planned.length - intents.length, reduced };
}

async function newPlan(
  world: PlanningWorld,
  plan: SessionPlan,
  decision: DecisionReference,
): Promise<readonly PlannedOrder[]> {
  const limits = preTradeLimitsOf(limitsIn(plan.limits, decision.regime));
  const account = await accountStanding(world, plan, Object.keys(decision.targets));
  const { equity, buyingPower: cash, positions, lastPrices: prices } = account;
  const holdings = { state: account.state, equity, cash, positions, prices };
  const { trades, unpriced } = tradesToTargets(decision.targets, holdings, rebalanceRulesOf(plan.limits));
  for (const symbol of unpriced) {
    const { account: name, session } = plan;
    warn('a target has no price to be sized at', { account: name, session, symbol });
    await world.audit.append({
      key: `target-unpriced:${decision.decisionId}:${symbol}`,
      actor: 'limits',
      action: 'target.unpriced',
      subject: `account:${name}`,
      body: { session, symbol, weight: decision.targets[symbol] },
    });
  }
  return checkTrades(trades, account, limits).map(({ trade, ...answer }): PlannedOrder => {
    return { ...answer, intent: intentOf(plan, decision, trade) };
  });
}

/** What of a plan that stands is still to be carried to its end. */
async function ordersLeft(
  { ledger, brokerOf }: PlanningWorld,
  { account, session: date }: SessionPlan,
  intents: readonly OrderIntent[],
): Promise<readonly OrderIntent[]> {
  const { session, phase } = await brokerOf(account).clock();
  const isAuctionOver = session > sessionDate(date) || phase !== 'beforeOpen';
  const left: OrderIntent[] = [];
  for (const intent of intents) {
    const row = await rowOf(ledger, intent, isAuctionOver);
    if (!row || !isEndState(row.state)) left.push(intent);
  }
  return left;
}

/** A venue might keep an order that comes late for its next auction: it is ended before anybody can claim it. */
async function rowOf(ledger: Ledger, intent: OrderIntent, isAuctionOver: boolean): ReturnType<Ledger['order']> {
  const row = await ledger.order(intent.clientOrderId);
  const wasNeverClaimed = !row || row.state === 'intended';
  return wasNeverClaimed && isAuctionOver ? ledger.withdraw(intent, 'ours') : row;
}

/** Leaves a record of every answer that is not plain consent. */
async function writeDown(
  { ledger, audit }: Pick<SessionWorld, 'ledger' | 'audit'>,
  planned: PlannedOrder,
): Promise<void> {
  if (planned.kind === 'denied') await ledger.deny(planned.intent, planned.denial);
  if (planned.kind !== 'reduced') return;
  const { account, clientOrderId, symbol, side, quantity } = planned.intent;
  await audit.append({
    key: `order-reduced:${clientOrderId}`,
    actor: 'limits',
    action: 'order.reduced',
    subject: `account:${account}`,
    body: { clientOrderId, symbol, side, quantity, ...planned.reduction },
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
