import { allHandlersFinished, condition, continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import type { BreakerProfile } from '#domain/breaker.ts';
import type { EscalationWaits } from '#domain/tradingWaits.ts';
import { AccountKeeper } from './accountKeeper.ts';
import {
  guardStatus,
  haltAccount,
  observeEquity,
  restartAccount,
  tradingStateChanged,
  type GuardStatus,
} from './messages.ts';

/** What a guard keeps, and hands to itself when its history grows long. */
export interface GuardRequest {
  readonly account: string;
  readonly profile: BreakerProfile;
  /** How long people are waited for after a halt. */
  readonly waits: EscalationWaits;
  readonly carried?: GuardStatus;
}

/**
 * The keeper of one account's trading state: always on, stricter by rule, laxer only by two people.
 * PostgreSQL is the authority; where the two differ, the stricter holds.
 */
export async function guardAccount(request: GuardRequest): Promise<void> {
  const keeper = new AccountKeeper(request);
  // Changes of PostgreSQL that we know of, the start being the first, and how many of them were read. Nothing is
  // weighed before all were: a halt made without us must not be forgotten.
  let changes = 1;
  let read = 0;
  const upToDate = (): Promise<void> => condition(() => read === changes);

  const { drawdownReduceFraction, drawdownHaltFraction } = request.profile;
  const levels = { drawdownReduceFraction, drawdownHaltFraction };
  setHandler(guardStatus, () => ({ ...keeper.status, levels }));
  setHandler(tradingStateChanged, () => {
    changes += 1;
  });
  setHandler(observeEquity, async (observation) => {
    await upToDate();
    return keeper.observe(observation);
  });
  setHandler(haltAccount, async (request) => {
    await upToDate();
    return keeper.halt(request);
  });
  const restart = async (by: string): Promise<GuardStatus> => {
    await upToDate();
    keeper.refuseRestart(by);
    try {
      return await keeper.restart(by);
    } catch (error) {
      // It may have been made, its answer lost: then PostgreSQL is laxer than this guard, until somebody restarts again.
      changes += 1;
      throw error;
    }
  };
  setHandler(restartAccount, ({ by }) => restart(by), { validator: ({ by }) => keeper.refuseRestart(by) });

  keeper.show();
  const mayHandOver = (): boolean => workflowInfo().continueAsNewSuggested && allHandlersFinished();
  for (;;) {
    await condition(() => read < changes || mayHandOver());
    if (read === changes) break;
    const reading = changes; // one that comes while we read is read next
    await keeper.read();
    read = reading;
  }
  await continueAsNew<typeof guardAccount>({ ...request, carried: keeper.status });
}
