import { allHandlersFinished, condition, continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import type { BreakerProfile } from '#domain/breaker.ts';
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
  readonly carried?: GuardStatus;
}

/**
 * The keeper of one account's trading state: always on, stricter by rule, laxer only by two people.
 * PostgreSQL is the authority; where the two differ, the stricter holds.
 */
export async function guardAccount({ account, profile, carried }: GuardRequest): Promise<void> {
  const keeper = new AccountKeeper(account, profile, carried);
  // Changes of PostgreSQL that we know of, the start being the first, and how many of them were read. Nothing is
  // weighed before all were: a halt made without us must not be forgotten.
  let changes = 1;
  let read = 0;
  const upToDate = (): Promise<void> => condition(() => read === changes);

  const { drawdownReduceFraction, drawdownHaltFraction } = profile;
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
  setHandler(restartAccount, ({ by }) => keeper.restart(by), { validator: ({ by }) => keeper.refuseRestart(by) });

  keeper.show();
  const mayHandOver = (): boolean => workflowInfo().continueAsNewSuggested && allHandlersFinished();
  for (;;) {
    await condition(() => read < changes || mayHandOver());
    if (read === changes) break;
    const reading = changes; // one that comes while we read is read next
    await keeper.read();
    read = reading;
  }
  await continueAsNew<typeof guardAccount>({ account, profile, carried: keeper.status });
}
