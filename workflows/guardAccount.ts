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
  let mustRead = true;
  // Nothing is weighed before PostgreSQL was read: a halt made without us must not be forgotten.
  const upToDate = (): Promise<void> => condition(() => !mustRead);

  const { drawdownReduceFraction, drawdownHaltFraction } = profile;
  const levels = { drawdownReduceFraction, drawdownHaltFraction };
  setHandler(guardStatus, () => ({ ...keeper.status, levels }));
  setHandler(tradingStateChanged, () => {
    mustRead = true;
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
  while (!workflowInfo().continueAsNewSuggested) {
    await condition(() => mustRead || workflowInfo().continueAsNewSuggested);
    if (mustRead) {
      await keeper.read();
      mustRead = false;
    }
  }
  await condition(allHandlersFinished);
  await continueAsNew<typeof guardAccount>({ account, profile, carried: keeper.status });
}
