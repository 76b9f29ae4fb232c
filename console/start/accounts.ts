import type { SessionDate } from '#domain/sessionDate.ts';
import { moneyFromDollars } from '#domain/money.ts';
import { Database } from '#infra/postgres/database.ts';
import { createLedger } from '#infra/postgres/ledger/ledger.ts';
import { controlKeyOf } from '#infra/paperExchange/controlKey.ts';
import { PaperReplayControl } from '#infra/paperExchange/replayControl.ts';
import type { Platform } from './platform.ts';

/** An account to open at the paper exchange and in the ledger. */
export interface OpeningAccount {
  readonly account: string;
  readonly cashDollars: number;
  /** Its market time starts before the open of this session. */
  readonly firstSession: SessionDate;
}

/** Sessions the venue can replay, oldest first. */
export function replaySessions({ exchange }: Platform): Promise<readonly SessionDate[]> {
  return replayOf(exchange).sessions();
}

/** Opens accounts; one that is open stays as it is. */
export async function openAccounts({ exchange, stack }: Platform, accounts: readonly OpeningAccount[]): Promise<void> {
  const replay = replayOf(exchange);
  const database = new Database({
    url: stack.addresses.postgres.url,
    applicationName: 'plimsoll-start',
    connectionsMax: 1,
  });
  try {
    const ledger = createLedger(database);
    for (const { account, cashDollars, firstSession } of accounts) {
      const cash = moneyFromDollars(cashDollars);
      await replay.openAccount({ account, cash, firstSession });
      await ledger.openAccount({ account, broker: 'paper-exchange', equity: cash });
    }
  } finally {
    await database.close();
  }
}

function replayOf({ url, home }: Platform['exchange']): PaperReplayControl {
  return new PaperReplayControl({ url, controlKey: controlKeyOf(home) });
}
