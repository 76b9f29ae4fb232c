import { Client, Connection } from '@temporalio/client';
import { openObjectStore } from '#infra/objects/objectStore.ts';
import { parquetTables } from '#infra/parquet/parquetTables.ts';
import { createCatalogue } from '#infra/postgres/catalogue.ts';
import { createSampleProvider } from '#infra/sample/sampleProvider.ts';
import type { StackAddresses } from '#infra/stack/addresses.ts';
import { cacheFolder } from '#infra/stack/cache.ts';
import { provideSample } from '#infra/stack/sampleData.ts';
import { createTemporaryDatabase } from '#test/integration/postgres/temporaryDatabase.ts';
import { createNamespace } from '#test/integration/temporalNamespace.ts';
import { startWorkers } from '#test/integration/workers/realWorkers.ts';
import type { IngestRounds } from './ingestRounds.ts';

/** Servers as one ingest after the other wants them. */
export interface IngestHouse extends Pick<IngestRounds, 'home' | 'client' | 'sight' | 'provider'> {
  stop(): Promise<void>;
}

/** A database, bucket and namespace of their own on running servers, with the real worker of workflows. */
export async function openIngestHouse(stack: StackAddresses): Promise<IngestHouse> {
  const temporary = await createTemporaryDatabase(stack.postgres.url);
  const connection = await Connection.connect({ address: stack.temporal.address });
  const namespace = await createNamespace(connection);
  const addresses: StackAddresses = {
    ...stack,
    temporal: { ...stack.temporal, namespace },
    postgres: { url: temporary.url },
    objects: { ...stack.objects, bucket: namespace },
  };
  const workers = await startWorkers({ stack: addresses, queues: ['lifecycle'] });
  return {
    home: workers.home,
    client: new Client({ connection, namespace }),
    sight: {
      objects: await openObjectStore(addresses.objects),
      tables: parquetTables,
      catalogue: createCatalogue(temporary.database),
    },
    provider: createSampleProvider({ stocksPath: await provideSample(cacheFolder(), () => undefined) }),
    async stop() {
      await workers.stop();
      await connection.close();
      await temporary.drop();
    },
  };
}
