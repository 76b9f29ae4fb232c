import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { WatchActivities, WatchFindings, WatchRequest } from '#activities/watchActivities.ts';
import { policies } from './policies.ts';
import { mark } from './searchAttributes.ts';

const { examineChampion } = proxyActivities<WatchActivities>(policies.validation);
const { recordWatch } = proxyActivities<WatchActivities>(policies.bookkeeping);

/** Looks at a champion after a session: do its inputs and its money still behave as they did in validation? */
export async function watchModel(request: WatchRequest): Promise<WatchFindings> {
  mark({ model: request.model, account: request.account, stage: 'examine' });
  const findings = await examineChampion.executeWithOptions({ summary: `examine ${request.model}` }, [request]);
  await recordWatch.executeWithOptions({ summary: findings.verdict }, [request, findings]);
  mark({ stage: 'done', verdict: findings.verdict });
  setCurrentDetails(`**${findings.verdict}**, drift ${findings.featureDrift?.toFixed(3) ?? 'unknown'}`);
  return findings;
}
