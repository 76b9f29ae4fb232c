import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AskAnswer, OrderActivities, OrderProgress } from '#activities/orderActivities.ts';
import { shares } from '#domain/money.ts';
import type { OrderIntent, OrderState } from '#domain/order.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { executeOrder, type ExecuteOrderRequest } from '#workflows/executeOrder.ts';
import { startWorkflowTests, type WorkflowTests } from './environment.ts';

const intent: OrderIntent = {
  clientOrderId: 'paper-20240103-test-AAPL-0',
  account: 'paper',
  session: sessionDate('2024-01-03'),
  strategy: 'test',
  symbol: 'AAPL',
  side: 'buy',
  quantity: shares(10),
  kind: { kind: 'market' },
  timeInForce: 'day',
  reduceOnly: false,
};
const request: ExecuteOrderRequest = { intent, settleMs: 2_000, pollMs: 1_000 };
const progress = (state: OrderState): OrderProgress => ({
  clientOrderId: intent.clientOrderId,
  state,
  filledQuantity: state === 'filled' ? 10 : 0,
});
const known = (state: OrderState): AskAnswer => ({ kind: 'known', progress: progress(state) });
const absent = (absenceProvable: boolean): AskAnswer => ({ kind: 'absent', absenceProvable });

let tests: WorkflowTests;
beforeAll(async () => {
  tests = await startWorkflowTests();
});
afterAll(() => tests.stop());

/** A venue that answers as listed, in order; every call is written down with the id it was made under. */
function venue(answers: { submit: readonly (OrderState | Error)[]; ask: readonly AskAnswer[]; cancel?: OrderState[] }) {
  const submissions = [...answers.submit];
  const asks = [...answers.ask];
  const calls: string[] = [];
  const activities: OrderActivities = {
    submitOrder: ({ clientOrderId }) => {
      calls.push(`submit ${clientOrderId}`);
      const answer = submissions.shift()!;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(progress(answer));
    },
    askOrder: () => {
      calls.push('ask');
      return Promise.resolve(asks.shift()!);
    },
    resendAbsentOrder: ({ clientOrderId }) => {
      calls.push(`resend ${clientOrderId}`);
      return Promise.resolve(progress('acknowledged'));
    },
    cancelOrder: () => {
      calls.push('cancel');
      return Promise.resolve(progress(answers.cancel?.shift() ?? 'cancelled'));
    },
    giveUpAbsentOrder: () => {
      calls.push('give up');
      return Promise.resolve(progress('cancelled'));
    },
  };
  return { activities, calls };
}

async function outcome({ activities }: ReturnType<typeof venue>, record?: string): Promise<OrderState> {
  return tests.run(activities, async () => {
    const handle = await tests.start(executeOrder, [request]);
    const { state } = await handle.result();
    if (record !== undefined) await tests.record(handle, record);
    return state;
  });
}
const submit = `submit ${intent.clientOrderId}`;
const resend = `resend ${intent.clientOrderId}`;

describe('executeOrder', () => {
  it('submits once and follows the order to its end', async () => {
    const world = venue({ submit: ['acknowledged'], ask: [known('acknowledged'), known('filled')] });
    expect(await outcome(world, 'executeOrder')).toBe('filled');
    expect(world.calls).toEqual([submit, 'ask', 'ask']);
  });

  it('sends a lost order again once, under the same id, after two asks proved its absence', async () => {
    const world = venue({ submit: ['unknown'], ask: [absent(true), absent(true), known('filled')] });
    expect(await outcome(world, 'executeOrder.lostAnswer')).toBe('filled');
    expect(world.calls).toEqual([submit, 'ask', 'ask', resend, 'ask']);
  });

  it('never sends again what the venue knows, whichever ask finds it', async () => {
    for (const ask of [[known('filled')], [absent(true), known('filled')]]) {
      const world = venue({ submit: [new Error('the worker died')], ask });
      expect(await outcome(world)).toBe('filled');
      expect(world.calls).toEqual([submit, ...ask.map(() => 'ask')]);
    }
  });

  it('submits what was never sent', async () => {
    const world = venue({ submit: ['unknown', 'filled'], ask: [{ kind: 'neverSent' }] });
    expect(await outcome(world)).toBe('filled');
    expect(world.calls).toEqual([submit, 'ask', submit]);
  });

  it('never sends again at a venue that cannot prove absence', async () => {
    const ask = [absent(false), absent(false), absent(false), absent(false), known('filled')];
    const world = venue({ submit: ['unknown'], ask });
    expect(await outcome(world)).toBe('filled');
    expect(world.calls).toEqual([submit, ...ask.map(() => 'ask')]);
  });

  it('carries its order to the end though the session that sent it has ended', async () => {
    const world = venue({ submit: ['acknowledged'], ask: [known('filled')] });
    await tests.run(world.activities, async () => {
      const handle = await tests.start(executeOrder, [{ ...request, tell: tests.unique('ended') }]);
      expect((await handle.result()).state).toBe('filled');
    });
  });

  it.each([
    ['until the venue has ended the order', ['acknowledged', 'cancelled'] as const, [], ['cancel', 'cancel']],
    [
      'what came late, found by the second ask',
      ['unknown', 'cancelled'] as const,
      [known('acknowledged')],
      ['cancel', 'ask', 'cancel'],
    ],
    ['what is not there only after a second ask', ['unknown'] as const, [absent(true)], ['cancel', 'ask', 'give up']],
    [
      'on and on where absence cannot be proven',
      ['unknown', 'unknown', 'cancelled'] as const,
      [absent(false), absent(false)],
      ['cancel', 'ask', 'cancel', 'ask', 'cancel'],
    ],
  ])('cancelled, cancels %s', async (...[, cancel, ask, calls]) => {
    const world = venue({ submit: ['acknowledged'], ask: [...ask], cancel: [...cancel] });
    await tests.run(world.activities, async () => {
      const handle = await tests.start(executeOrder, [request]);
      await vi.waitFor(() => expect(world.calls).toEqual([submit]), { timeout: 30_000 });
      await handle.cancel();
      expect((await handle.result()).state).toBe('cancelled');
    });
    expect(world.calls).toEqual([submit, ...calls]);
  });
});
