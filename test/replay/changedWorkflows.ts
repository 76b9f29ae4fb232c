import { patched, sleep } from '@temporalio/workflow';
import { ingestMarketData as released } from '#workflows/ingestMarketData.ts';
import { watchModel as releasedWatch } from '#workflows/watchModel.ts';

// Changes to released workflows as somebody might make them: the replay tests must refuse the first and take the second.

/** A timer before the first step, which no released history has. */
export async function watchModel(...args: Parameters<typeof releasedWatch>): Promise<unknown> {
  await sleep('1 second');
  return releasedWatch(...args);
}

/** The same, behind a patch: histories from before it replay as they were. */
export async function ingestMarketData(...args: Parameters<typeof released>): Promise<unknown> {
  if (patched('wait-a-second')) await sleep('1 second');
  return released(...args);
}
