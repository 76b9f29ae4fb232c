import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  ParentClosePolicy,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { GuardActivities } from '#activities/guardActivities.ts';
import { weighBreaker, type BreakerProfile } from '#domain/breaker.ts';
import { escalateBreaker } from './escalateBreaker.ts';
import {
  guardStatus,
  haltAccount,
  observeEquity,
  restartAccount,
  tradingStateChanged,
  type EquityObservation,
  type GuardStatus,
} from './messages.ts';
import { policies } from './policies.ts';
import { mark } from './searchAttributes.ts';
import { workflowIds } from './workflowIds.ts';

const { readTradingState, tightenTradingState, restartTrading } = proxyActivities<GuardActivities>(policies.trading);

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
export async function guardAccount(request: GuardRequest): Promise<void> {
  const { account, profile } = request;
  let status: GuardStatus = request.carried ?? {
    account,
    state: 'active',
    reason: 'opened',
    changedBy: 'guard',
    escalation: 0,
    restartAskedBy: [],
  };
  let mustRead = true;

  const show = (): void => {
    mark({ account, stage: 'guarding', verdict: status.state });
    setCurrentDetails(`**${account}** is **${status.state}**: ${status.reason} (${status.changedBy})`);
  };
  const escalate = async (): Promise<void> => {
    const number = status.escalation + 1;
    status = { ...status, escalation: number };
    await startChild(escalateBreaker, {
      workflowId: workflowIds.escalation(account, number),
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `${account}: ${status.reason}`,
      args: [{ account, number, reason: status.reason }],
    });
  };
  /** Takes PostgreSQL's word when it is as strict or stricter; a new halt escalates, whoever made it. */
  const adopt = async (row: Pick<GuardStatus, 'state' | 'reason' | 'changedBy'>): Promise<void> => {
    const wasHalted = status.state === 'halted';
    status = { ...status, state: row.state, reason: row.reason, changedBy: row.changedBy };
    if (row.state === 'halted' && !wasHalted) {
      status = { ...status, restartAskedBy: [] };
      await escalate();
    }
    show();
  };
  const tighten = async (state: 'reducing' | 'halted', reason: string, by: string): Promise<void> =>
    adopt(
      await tightenTradingState.executeWithOptions({ summary: `${state}: ${reason}` }, [
        { account, state, reason, by },
      ]),
    );

  setHandler(guardStatus, () => status);
  setHandler(tradingStateChanged, () => {
    mustRead = true;
  });
  setHandler(observeEquity, async (observation: EquityObservation) => {
    await condition(() => !mustRead);
    status = { ...status, lastObservation: observation };
    const weighed = weighBreaker({ state: status.state, ...observation }, profile);
    if (weighed.state !== status.state && weighed.state !== 'active') {
      await tighten(weighed.state, weighed.triggers.map(({ text }) => text).join('; '), 'breaker');
    }
    return status;
  });
  setHandler(haltAccount, async ({ by, reason }) => {
    await tighten('halted', reason, by);
    return status;
  });
  setHandler(
    restartAccount,
    async ({ by }) => {
      const [first] = status.restartAskedBy;
      if (first === undefined) {
        status = { ...status, restartAskedBy: [by] };
        return status;
      }
      const row = await restartTrading.executeWithOptions({ summary: `restart by ${first} and ${by}` }, [
        { account, by: [first, by] },
      ]);
      status = { ...status, ...row, restartAskedBy: [] };
      show();
      return status;
    },
    {
      validator: ({ by }) => {
        if (status.state === 'active') throw ApplicationFailure.nonRetryable('trading is active', 'RESTART_NOT_NEEDED');
        if (status.restartAskedBy.includes(by)) {
          throw ApplicationFailure.nonRetryable('a second, different person must confirm', 'RESTART_SAME_PERSON');
        }
      },
    },
  );

  show();
  while (!workflowInfo().continueAsNewSuggested) {
    await condition(() => mustRead || workflowInfo().continueAsNewSuggested);
    if (mustRead) {
      await adopt(await readTradingState.executeWithOptions({ summary: 'read PostgreSQL' }, [account]));
      mustRead = false;
    }
  }
  await condition(allHandlersFinished);
  await continueAsNew<typeof guardAccount>({ account, profile, carried: status });
}
