import { expect, test } from 'vitest';
import { haltAccount, type HaltParts } from '#console/desk/haltAccount.ts';

const closing = { clientOrderId: 'close-1', symbol: 'AAPL', side: 'sell', quantity: 5, state: 'filled' } as const;
const order = { account: 'paper-main', by: 'ada', reason: 'test' };

function parts(changes: Partial<HaltParts> = {}): { readonly steps: string[]; readonly parts: HaltParts } {
  const steps: string[] = [];
  return {
    steps,
    parts: {
      tighten: async () => {
        steps.push('ledger');
        return {};
      },
      broker: {
        openOrders: async () => [{ brokerOrderId: 'one' }, { brokerOrderId: 'two' }],
        cancel: async (id) => void steps.push(`cancel ${id}`),
      },
      close: async () => {
        steps.push('close');
        return [closing];
      },
      tellGuard: async (_order, ledger) => void steps.push(ledger === 'halted' ? 'guard' : 'guard halts itself'),
      ...changes,
    },
  };
}

const broken = (): Promise<never> => Promise.reject(new Error('gone'));

test('PostgreSQL is halted before orders are cancelled, and the guard is told last', async () => {
  const { steps, parts: all } = parts();
  expect(await haltAccount(order, all)).toEqual({
    account: 'paper-main',
    ledger: 'halted',
    cancelled: 2,
    broker: 'clear',
    guard: 'told',
  });
  expect(steps).toEqual(['ledger', 'cancel one', 'cancel two', 'guard']);
});

test('a guard that cannot be reached does not make a halt incomplete', async () => {
  expect(await haltAccount(order, parts({ tellGuard: broken }).parts)).toMatchObject({
    ledger: 'halted',
    guard: 'gone',
  });
});

test('HALT_INCOMPLETE: with PostgreSQL gone orders are still cancelled and the guard is told to halt by itself', async () => {
  const { steps, parts: all } = parts({ tighten: broken });
  await expect(haltAccount(order, all)).rejects.toMatchObject({ code: 'HALT_INCOMPLETE', details: { ledger: 'gone' } });
  expect(steps).toEqual(['cancel one', 'cancel two', 'guard halts itself']);
});

test('HALT_INCOMPLETE: one order that cannot be cancelled does not keep the next from being cancelled', async () => {
  const cancelled: string[] = [];
  const { parts: all, steps } = parts({
    broker: {
      openOrders: async () => [{ brokerOrderId: 'stuck' }, { brokerOrderId: 'two' }],
      cancel: async (id) => (id === 'stuck' ? broken() : void cancelled.push(id)),
    },
  });
  await expect(haltAccount(order, all)).rejects.toMatchObject({
    code: 'HALT_INCOMPLETE',
    details: { ledger: 'halted', cancelled: 1, broker: 'order stuck: gone', guard: 'told' },
  });
  expect(cancelled).toEqual(['two']);
  expect(steps).toEqual(['ledger', 'guard']);
});

test('ACCOUNT_UNKNOWN: an account that was never opened is not halted in silence', async () => {
  const { steps, parts: all } = parts({ tighten: async () => undefined });
  await expect(haltAccount(order, all)).rejects.toMatchObject({ code: 'ACCOUNT_UNKNOWN' });
  expect(steps).toEqual([]);
});

test('positions are closed after PostgreSQL is halted and orders are cancelled, where the halt asks for it', async () => {
  const { steps, parts: all } = parts();
  const report = await haltAccount({ ...order, positions: 'close' }, all);
  expect(report.closing).toEqual([closing]);
  expect(steps).toEqual(['ledger', 'cancel one', 'cancel two', 'close', 'guard']);
});

test('HALT_INCOMPLETE: nothing is sent to close positions while PostgreSQL cannot take it', async () => {
  const { steps, parts: all } = parts({ tighten: broken });
  await expect(haltAccount({ ...order, positions: 'close' }, all)).rejects.toMatchObject({ code: 'HALT_INCOMPLETE' });
  expect(steps).toEqual(['cancel one', 'cancel two', 'guard halts itself']);
});

test('HALT_INCOMPLETE: a closing order that the venue may not have is told', async () => {
  const { parts: all } = parts({ close: async () => [{ ...closing, state: 'unknown' }] });
  await expect(haltAccount({ ...order, positions: 'close' }, all)).rejects.toMatchObject({
    code: 'HALT_INCOMPLETE',
    message: expect.stringContaining('close-1 is unknown'),
    details: { ledger: 'halted', closing: ['close-1 unknown'] },
  });
});
