import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GuardActivities } from '#activities/guardActivities.ts';
import { standardWaits, type EscalationWaits } from '#domain/tradingWaits.ts';
import { escalateBreaker } from '#workflows/escalateBreaker.ts';
import { acknowledgeEscalation } from '#workflows/messages.ts';
import { startWorkflowTests, type WorkflowTests } from './environment.ts';

let tests: WorkflowTests;
beforeAll(async () => {
  tests = await startWorkflowTests();
});
afterAll(() => tests.stop());

/** An account with nothing to close, and what was asked for. */
function halted() {
  const calls: string[] = [];
  const account = tests.unique('paper');
  const activities: Pick<GuardActivities, 'cancelOpenOrders' | 'planLiquidation' | 'page' | 'recordAcknowledgement'> = {
    cancelOpenOrders: () => Promise.resolve(0),
    planLiquidation: () => Promise.resolve([]),
    page: ({ tier }) => Promise.resolve(void calls.push(`page ${tier}`)),
    recordAcknowledgement: ({ by }) => Promise.resolve(void calls.push(`acknowledged by ${by}`)),
  };
  const start = (waits: EscalationWaits = standardWaits.escalation) =>
    tests.start(escalateBreaker, [{ account, number: 1, reason: 'daily loss', waits }]);
  return { activities, calls, start };
}

describe('an escalation', () => {
  it('pages the next tier each quarter of an hour, the last one until somebody acknowledges', async () => {
    const { activities, calls, start } = halted();
    await tests.run(activities, async () => {
      const handle = await start();
      await tests.environment.sleep('14 minutes');
      expect(calls).toEqual(['page 1']);
      await tests.environment.sleep('2 minutes');
      expect(calls).toEqual(['page 1', 'page 2']);
      await tests.environment.sleep('15 minutes');
      expect(calls).toEqual(['page 1', 'page 2', 'page 3']);
      // Nobody is left to page: it waits, for days if it must.
      await tests.environment.sleep('3 days');
      expect((await handle.describe()).status.name).toBe('RUNNING');
      await handle.executeUpdate(acknowledgeEscalation, { args: [{ by: 'ben', comment: 'awake' }] });
      expect(await handle.result()).toMatchObject({ acknowledgedBy: 'ben' });
      await tests.record(handle, 'escalateBreaker.threeTiers');
    });
    expect(calls).toEqual(['page 1', 'page 2', 'page 3', 'acknowledged by ben']);
  });

  it('pages as many tiers, and as soon one after the other, as its request says', async () => {
    const { activities, calls, start } = halted();
    const waits = { ...standardWaits.escalation, acknowledgementMs: 60_000, tiersMax: 2 };
    await tests.run(activities, async () => {
      const handle = await start(waits);
      await tests.environment.sleep('50 seconds');
      expect(calls).toEqual(['page 1']);
      await tests.environment.sleep('1 hour');
      await handle.executeUpdate(acknowledgeEscalation, { args: [{ by: 'ben', comment: '' }] });
      await handle.result();
    });
    expect(calls).toEqual(['page 1', 'page 2', 'acknowledged by ben']);
  });

  it('pages nobody further once a person acknowledged', async () => {
    const { activities, calls, start } = halted();
    await tests.run(activities, async () => {
      const handle = await start();
      await tests.environment.sleep('16 minutes');
      await handle.executeUpdate(acknowledgeEscalation, { args: [{ by: 'cat', comment: '' }] });
      await handle.result();
      await tests.environment.sleep('1 hour');
    });
    expect(calls).toEqual(['page 1', 'page 2', 'acknowledged by cat']);
  });

  it('goes on where it was when its worker comes back', async () => {
    const { activities, calls, start } = halted();
    const handle = await tests.run(activities, async () => {
      const started = await start();
      await tests.environment.sleep('5 minutes');
      return started;
    });
    await tests.run(activities, async () => {
      await tests.environment.sleep('11 minutes');
      await handle.executeUpdate(acknowledgeEscalation, { args: [{ by: 'ann', comment: '' }] });
      await handle.result();
    });
    expect(calls).toEqual(['page 1', 'page 2', 'acknowledged by ann']);
  });

  it('calls people within moments though the venue does not answer, and again when closing fails', async () => {
    const { activities, calls, start } = halted();
    const texts: string[] = [];
    let fail = (): void => undefined;
    const refusal = ApplicationFailure.nonRetryable('the key was refused', 'BROKER_CREDENTIALS_REFUSED');
    const silent = new Promise<number>((_, reject) => (fail = () => reject(refusal)));
    const page: GuardActivities['page'] = ({ tier, text }) => {
      texts.push(text);
      return Promise.resolve(void calls.push(`page ${tier}`));
    };
    await tests.run({ ...activities, cancelOpenOrders: () => silent, page }, async () => {
      const handle = await start();
      await expect.poll(() => calls, { timeout: 90_000, interval: 500 }).toEqual(['page 1']);
      expect(texts[0]).toContain('Orders are not cancelled yet');
      const acknowledge = (by: string) =>
        handle.executeUpdate(acknowledgeEscalation, { args: [{ by, comment: 'on it' }] });
      await acknowledge('ben');
      fail();
      await expect.poll(() => calls.at(-1), { timeout: 30_000 }).toBe('page 1');
      expect(texts.at(-1)).toContain('close the account at the broker: the key was refused');
      await acknowledge('cat');
      expect(await handle.result()).toMatchObject({ acknowledgedBy: 'ben', trouble: 'the key was refused' });
    });
    expect(calls).toEqual(['page 1', 'acknowledged by ben', 'page 1', 'acknowledged by cat']);
  });
});
