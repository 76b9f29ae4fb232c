import { Failure, isFailure } from '#domain/failure.ts';
import type { OrderState } from '#domain/order.ts';
import type { ClosingOrder, HaltOrder, HaltReport } from './desk.ts';

/** The parts a halt reaches; each stops orders alone, so none waits for another to work. */
export interface HaltParts {
  /** Writes the halt where every order's claim looks first. Answers undefined when the account is unknown. */
  readonly tighten: (order: HaltOrder) => Promise<object | undefined>;
  readonly broker: {
    openOrders(): Promise<readonly { readonly brokerOrderId: string }[]>;
    cancel(brokerOrderId: string): Promise<void>;
  };
  /**
   * Sends orders that close every position, where the halt asks for it: only once PostgreSQL is halted, since every
   * order is written there before it is sent.
   * @throws Failure MARKET_CLOSED
   */
  readonly close: () => Promise<readonly ClosingOrder[]>;
  /** Tells the guard; when PostgreSQL failed, the guard has to halt by itself and write it once it can. */
  readonly tellGuard: (order: HaltOrder, ledger: 'halted' | 'failed') => Promise<void>;
}

/**
 * The kill switch: PostgreSQL first, then the broker, then the guard, whatever became of the part before.
 * It needs no worker and no Temporal.
 * @throws Failure ACCOUNT_UNKNOWN, before anything is done; HALT_INCOMPLETE when PostgreSQL or the broker failed;
 * MARKET_CLOSED when only the closing of positions was not possible
 */
export async function haltAccount(order: HaltOrder, parts: HaltParts): Promise<HaltReport> {
  const { account } = order;
  const ledger = await attempt(() => parts.tighten(order));
  if (ledger.kind === 'done' && ledger.value === undefined) {
    throw new Failure('ACCOUNT_UNKNOWN', `no account ${account} was opened`, { account });
  }
  const broker = await cancelAll(parts.broker);
  const closing = await closeIfAsked(order, parts, ledger);
  const guard = await attempt(() => parts.tellGuard(order, ledger.kind === 'done' ? 'halted' : 'failed'));
  const report: HaltReport = {
    account,
    ledger: ledger.kind === 'done' ? 'halted' : ledger.message,
    cancelled: broker.cancelled,
    broker: broker.faults.length === 0 ? 'clear' : broker.faults.join('; '),
    guard: guard.kind === 'done' ? 'told' : guard.message,
    ...(closing?.kind === 'done' && { closing: closing.value }),
  };
  const faults = [
    ...(ledger.kind === 'failed' ? [`PostgreSQL: ${ledger.message}`] : []),
    ...broker.faults.map((fault) => `broker: ${fault}`),
    ...(closing ? closingFaults(closing) : []),
  ];
  const { closing: orders, ...reached } = report;
  const details = {
    ...reached,
    ...(orders && { closing: orders.map((order) => `${order.clientOrderId} ${order.state}`) }),
  };
  if (faults.length > 0) throw new Failure('HALT_INCOMPLETE', faults.join('; '), details);
  if (closing?.kind === 'failed') throw new Failure('MARKET_CLOSED', closing.message, details);
  return report;
}

async function closeIfAsked(
  { positions }: HaltOrder,
  { close }: HaltParts,
  ledger: Attempt<unknown>,
): Promise<Attempt<readonly ClosingOrder[]> | undefined> {
  if (positions !== 'close') return undefined;
  if (ledger.kind === 'done') return attempt(close);
  return { kind: 'failed', message: 'nothing is sent that PostgreSQL did not take', code: undefined };
}

// Whatever is neither at the venue nor done may or may not close the position.
const uncertain: readonly OrderState[] = ['denied', 'rejected', 'unknown', 'sent', 'intended'];

function closingFaults(closing: Attempt<readonly ClosingOrder[]>): readonly string[] {
  if (closing.kind === 'failed') return closing.code === 'MARKET_CLOSED' ? [] : [`closing: ${closing.message}`];
  return closing.value
    .filter(({ state }) => uncertain.includes(state))
    .map(({ clientOrderId, symbol, state }) => `closing: ${symbol} is not sure to close, ${clientOrderId} is ${state}`);
}

// An order that was cleared but came back, or cannot be cancelled, must not keep the others from being cancelled.
async function cancelAll(
  broker: HaltParts['broker'],
): Promise<{ readonly cancelled: number; readonly faults: readonly string[] }> {
  const open = await attempt(() => broker.openOrders());
  if (open.kind === 'failed') return { cancelled: 0, faults: [open.message] };
  const faults: string[] = [];
  for (const { brokerOrderId } of open.value) {
    const cancelled = await attempt(() => broker.cancel(brokerOrderId));
    if (cancelled.kind === 'failed') faults.push(`order ${brokerOrderId}: ${cancelled.message}`);
  }
  return { cancelled: open.value.length - faults.length, faults };
}

type Attempt<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string | undefined };

async function attempt<Value>(act: () => Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { kind: 'done', value: await act() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', message, code: isFailure(error) ? error.code : undefined };
  }
}
