import path from 'node:path';
import { defaultCostRates } from '#domain/costs.ts';
import { MlflowHttp } from '#infra/mlflow/mlflowHttp.ts';
import { createMlflowRegistry } from '#infra/mlflow/mlflowRegistry.ts';
import { openObjectStore } from '#infra/objects/objectStore.ts';
import { PaperExchange } from '#infra/paperExchange/exchange.ts';
import { takeHome } from '#infra/paperExchange/exclusiveHome.ts';
import { readRecordedBars } from '#infra/paperExchange/recordedBars.ts';
import { Database } from '#infra/postgres/database.ts';
import type { StackAddresses } from '#infra/stack/addresses.ts';
import { cacheFolder } from '#infra/stack/cache.ts';
import { provideSample } from '#infra/stack/sampleData.ts';
import { startStack } from '#infra/stack/stack.ts';
import { readRecords } from './recordFacts.ts';
import { readTraining } from './trainingFacts.ts';
import { readTrading, type Venue } from './tradingFacts.ts';

/** What stands in the servers of a home after a run. */
export interface LifecycleFacts {
  /** MLflow runs that are not deleted. */
  readonly runs: number;
  readonly versions: number;
  readonly artifacts: number;
  readonly orders: number;
  readonly fills: number;
  readonly auditRecords: number;
  /** What must never be, in words; empty when all is right. */
  readonly violations: readonly string[];
}

const quiet = (): void => undefined;

/** Starts the servers of a home that keep records, reads them and the exchange's journal, and stops them. */
export async function readFacts(home: string): Promise<LifecycleFacts> {
  const cache = cacheFolder();
  const barsFile = await provideSample(cache, quiet);
  const stack = await startStack({ home, cache, progress: quiet, services: ['postgres', 'minio', 'mlflow'] });
  try {
    return await withVenue(path.join(home, 'paperExchange'), barsFile, (venue) => gatherFacts(stack.addresses, venue));
  } finally {
    await stack.stop();
  }
}

/** Reads what stands in running servers and in the exchange's books. */
export async function gatherFacts(
  { postgres, mlflow, objects }: Pick<StackAddresses, 'postgres' | 'mlflow' | 'objects'>,
  venue: Venue,
): Promise<LifecycleFacts> {
  const database = new Database({ url: postgres.url, applicationName: 'plimsoll-chaos', connectionsMax: 2 });
  const http = new MlflowHttp({ url: mlflow.url });
  const registry = createMlflowRegistry({ url: mlflow.url });
  try {
    const training = await readTraining({ database, http, objects: await openObjectStore(objects) });
    const trading = await readTrading(database, venue);
    const records = await readRecords(database, registry);
    const violations = [training, trading, records].flatMap((facts) => facts.violations);
    return { ...training, ...trading, ...records, violations };
  } finally {
    await registry.close();
    await http.close();
    await database.close();
  }
}

/**
 * Hands the books of an exchange that does not run to a body.
 * @throws Failure PAPER_EXCHANGE_IN_USE when it does, PAPER_EXCHANGE_JOURNAL_CORRUPT
 */
export async function withVenue<T>(
  home: string,
  barsFile: string,
  body: (venue: PaperExchange) => T | Promise<T>,
): Promise<T> {
  const lock = await takeHome(home);
  const exchange = new PaperExchange({
    journalPath: path.join(home, 'journal.jsonl'),
    bars: readRecordedBars(barsFile),
    // Rules of matching: the journal holds facts, which need none.
    rules: { participationFraction: 0.1, rates: defaultCostRates },
    buyingPowerMultiple: 2,
  });
  try {
    return await body(exchange);
  } finally {
    exchange.close();
    lock.close();
  }
}
