import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { Broker } from '#activities/ports/broker.ts';
import type { Ledger } from '#activities/ports/ledger.ts';
import { moneyFromDollars } from '#domain/money.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { AlpacaBroker } from '#infra/alpaca/alpacaBroker.ts';
import { resolveSettings } from '#infra/configuration/resolveSettings.ts';
import { startPaperExchange, type PaperExchangeLaunch } from '#infra/paperExchange/launch.ts';
import { PaperReplayControl } from '#infra/paperExchange/replayControl.ts';
import type { Database } from '#infra/postgres/database.ts';
import { createLedger } from '#infra/postgres/ledger/ledger.ts';
import { addressesFile, type StackAddresses } from '#infra/stack/addresses.ts';
import { cacheFolder } from '#infra/stack/cache.ts';
import { readHomeState, writeHomeState, writePrivate } from '#infra/stack/homeState.ts';
import { provideSample } from '#infra/stack/sampleData.ts';
import { silentLogger } from '#test/asActivity.ts';
import { openWorld } from '#workers/world.ts';
import { createTemporaryDatabase } from '../postgres/temporaryDatabase.ts';
import { createNamespace } from '../temporalNamespace.ts';

/** The activities as the workers wire them, on real servers, in a database, bucket and namespace of one test file. */
export interface House {
  readonly addresses: StackAddresses;
  readonly world: Awaited<ReturnType<typeof openWorld>>;
  readonly database: Database;
  readonly ledger: Ledger;
  readonly client: Client;
  /** Control of the paper exchange's time and manners. */
  readonly venue: PaperReplayControl;
  /** Another broker on the same account, to look with. */
  brokerOf(account: string): Broker;
  /** Opens an account of 100,000 dollars at the exchange and in the ledger, before the open of a session. */
  openAccount(account: string, firstSession: string): Promise<void>;
  stop(): Promise<void>;
}

/** What a house has of its own; the packaged sample, the exchange's own rules and the default settings unless told. */
export interface HouseRules {
  readonly exchange?: Partial<Omit<PaperExchangeLaunch, 'home'>>;
  /** Environment variables that the settings are resolved from. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Opens a house on the shared servers, with a paper exchange of its own. */
export async function openHouse(
  stack: StackAddresses,
  { exchange = {}, environment = {} }: HouseRules = {},
): Promise<House> {
  const home = await mkdtemp(path.join(tmpdir(), 'plimsoll-house-'));
  const temporary = await createTemporaryDatabase(stack.postgres.url);
  const connection = await Connection.connect({ address: stack.temporal.address });
  const namespace = await createNamespace(connection);
  const cache = cacheFolder();
  const running = await startPaperExchange({
    barsFile: await provideSample(cache, () => undefined),
    ...exchange,
    home: path.join(home, 'paperExchange'),
  });
  const addresses: StackAddresses = {
    ...stack,
    temporal: { ...stack.temporal, namespace },
    postgres: { url: temporary.url },
    objects: { ...stack.objects, bucket: `test-${randomBytes(6).toString('hex')}` },
  };
  await writeHomeState(home, { ...(await readHomeState(home)), ports: { paperExchange: running.port } });
  await writePrivate(addressesFile(home), addresses);
  const world = await openWorld({
    home,
    cache,
    service: 'plimsoll-test',
    logger: silentLogger,
    trading: resolveSettings({ environment }).trading,
    data: resolveSettings({ environment }).data,
    approvalsRequired: 2,
    modelProcessesMax: 1,
  });
  const venue = new PaperReplayControl({ url: running.url, controlKey: running.controlKey });
  const ledger = createLedger(temporary.database);
  const brokers = new Map<string, AlpacaBroker>();
  const brokerOf = (account: string): AlpacaBroker => {
    const credentials = running.credentialsFor(account);
    const broker = brokers.get(account) ?? new AlpacaBroker({ tradingUrl: running.url, credentials });
    brokers.set(account, broker);
    return broker;
  };
  return {
    addresses,
    world,
    database: temporary.database,
    ledger,
    client: new Client({ connection, namespace }),
    venue,
    brokerOf,
    async openAccount(account, firstSession) {
      const cash = moneyFromDollars(100_000);
      await venue.openAccount({ account, cash, firstSession: sessionDate(firstSession) });
      await ledger.openAccount({ account, broker: 'paper-exchange', equity: cash });
    },
    async stop() {
      await Promise.all([...brokers.values()].map((broker) => broker.close()));
      await world.close();
      await running.stop();
      await connection.close();
      await temporary.drop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
