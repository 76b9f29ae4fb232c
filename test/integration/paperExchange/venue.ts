import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CostRates } from '#domain/costs.ts';
import type { OrderIntent } from '#domain/order.ts';
import { money, shares } from '#domain/money.ts';
import { AlpacaBroker } from '#infra/alpaca/alpacaBroker.ts';
import { startPaperExchange } from '#infra/paperExchange/launch.ts';
import type { PaperExchangeLaunch, RunningPaperExchange } from '#infra/paperExchange/launch.ts';
import { PaperReplayControl } from '#infra/paperExchange/replayControl.ts';
import { friday, writeRecording } from './recording.ts';

/** A paper exchange in a process of its own over the recording, with a control client. */
export interface Venue {
  readonly home: string;
  readonly launch: PaperExchangeLaunch;
  readonly exchange: RunningPaperExchange;
  readonly control: PaperReplayControl;
  brokerFor(account: string): AlpacaBroker;
}

/** Starts a venue; on a home that is there, it goes on where that one stood. */
export async function startVenue(
  home = mkdtempSync(path.join(tmpdir(), 'plimsoll-venue-')),
  rates?: CostRates,
): Promise<Venue> {
  const launch: PaperExchangeLaunch = { home, barsFile: writeRecording(home), ...(rates && { rates }) };
  const exchange = await startPaperExchange(launch);
  return {
    home,
    launch,
    exchange,
    control: new PaperReplayControl({ url: exchange.url, controlKey: exchange.controlKey }),
    brokerFor: (account) =>
      new AlpacaBroker({
        tradingUrl: exchange.url,
        credentials: exchange.credentialsFor(account),
        timeoutMs: 5_000,
        retryWaitMs: 20,
      }),
  };
}

/** Stops a venue and removes its directory. */
export async function endVenue(venue: Venue): Promise<void> {
  await venue.exchange.stop();
  rmSync(venue.home, { recursive: true, force: true });
}

/** Opens an account with a million dollars before the open of 2020-03-13. */
export async function openBook(venue: Venue, account: string): Promise<AlpacaBroker> {
  await venue.control.openAccount({ account, cash: money(10_000_000_000), firstSession: friday });
  return venue.brokerFor(account);
}

/** An intent to buy 100 AAPL at the open, unless told otherwise. */
export function intent(clientOrderId: string, changes: Partial<OrderIntent> = {}): OrderIntent {
  return {
    clientOrderId,
    account: 'book',
    session: friday,
    strategy: 'test',
    symbol: 'AAPL',
    side: 'buy',
    quantity: shares(100),
    kind: { kind: 'market' },
    timeInForce: 'opening',
    reduceOnly: false,
    ...changes,
  };
}
