import type { Fill } from '#domain/order.ts';
import type { Ledger } from '#activities/ports/ledger.ts';

/** Every fill of an account, oldest first. */
export async function allFills(ledger: Ledger, account: string): Promise<readonly Fill[]> {
  const sessions = await ledger.sessions(account);
  const perSession = await Promise.all(sessions.map(({ session }) => ledger.fills(account, session)));
  return perSession.flat().sort((a, b) => a.marketTimeMs - b.marketTimeMs);
}
