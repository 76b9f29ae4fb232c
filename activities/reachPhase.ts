import { closeMs, openMs } from '#domain/calendar.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import type { MarketPhase } from '#activities/ports/broker.ts';
import type { SessionWorld } from './sessionActivities.ts';
import type { SessionPlan } from './tradingPlan.ts';

const phases: readonly MarketPhase[] = ['beforeOpen', 'open', 'closed'];

/**
 * How long until the venue, by its own clock, has reached a phase of the session. A venue that replays is moved there;
 * any other is waited for.
 */
export async function reachPhase(
  { brokerOf, replay }: Pick<SessionWorld, 'brokerOf' | 'replay'>,
  plan: SessionPlan,
  phase: MarketPhase,
): Promise<{ readonly waitMs: number }> {
  const session = sessionDate(plan.session);
  const clock = await brokerOf(plan.account).clock();
  const isThere =
    clock.session > session || (clock.session === session && phases.indexOf(clock.phase) >= phases.indexOf(phase));
  if (isThere) return { waitMs: 0 };
  if (replay) {
    await replay.advance(plan.account, { session, phase });
    return { waitMs: 0 };
  }
  const atMs = { beforeOpen: openMs(session) - beforeOpenMs, open: openMs(session), closed: closeMs(session) }[phase];
  return { waitMs: Math.max(1_000, atMs - clock.marketTimeMs) };
}

/** A session's work begins this long before its open. */
const beforeOpenMs = 30 * 60_000;
