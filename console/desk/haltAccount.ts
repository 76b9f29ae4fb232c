import { Failure } from '#domain/failure.ts';
import type { HaltOrder, HaltReport } from './desk.ts';

/** The three parts a halt reaches; each stops orders alone, so none waits for another to work. */
export interface HaltParts {
  /** Writes the halt where every order's claim looks first. Answers undefined when the account is unknown. */
  readonly tighten: (order: HaltOrder) => Promise<object | undefined>;
  readonly broker: {
    openOrders(): Promise<readonly { readonly brokerOrderId: string }[]>;
    cancel(brokerOrderId: string): Promise<void>;
  };
  /** Tells the guard; when PostgreSQL failed, the guard has to halt by itself and write it once it can. */
  readonly tellGuard: (order: HaltOrder, ledger: 'halted' | 'failed') => Promise<void>;
}

/**
 * The kill switch: PostgreSQL first, then the broker, then the guard, whatever became of the part before.
 * It needs no worker and no Temporal.
 * @throws Failure ACCOUNT_UNKNOWN, before anything is done; HALT_INCOMPLETE when PostgreSQL or the broker failed
 */
export async function haltAccount(order: HaltOrder, parts: HaltParts): Promise<HaltReport> {
  const { account } = order;
  const ledger = await attempt(() => parts.tighten(order));
  if (ledger.kind === 'done' && ledger.value === undefined) {
    throw new Failure('ACCOUNT_UNKNOWN', `no account ${account} was opened`, { account });
  }
  const broker = await cancelAll(parts.broker);
  const guard = await attempt(() => parts.tellGuard(order, ledger.kind === 'done' ? 'halted' : 'failed'));
  const report: HaltReport = {
    account,
    ledger: ledger.kind === 'done' ? 'halted' : ledger.message,
    cancelled: broker.cancelled,
    broker: broker.faults.length === 0 ? 'clear' : broker.faults.join('; '),
    guard: guard.kind === 'done' ? 'told' : guard.message,
  };
  const faults = [
    ...(ledger.kind === 'failed' ? [`PostgreSQL: ${ledger.message}`] : []),
    ...broker.faults.map((fault) => `broker: ${fault}`),
  ];
  if (faults.length > 0) throw new Failure('HALT_INCOMPLETE', faults.join('; '), { ...report });
  return report;
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
  { readonly kind: 'done'; readonly value: Value } | { readonly kind: 'failed'; readonly message: string };

async function attempt<Value>(act: () => Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { kind: 'done', value: await act() };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}
