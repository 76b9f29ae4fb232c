import { Client, Connection } from '@temporalio/client';
import type { ObjectStore } from '#activities/ports/objectStore.ts';
import type { AccountBrokers } from '#infra/brokers/accountBrokers.ts';
import { createMlflowRegistry } from '#infra/mlflow/mlflowRegistry.ts';
import { createTrackedRuns } from '#infra/mlflow/trackedRuns.ts';
import { openObjectStore, type ObjectStoreOptions } from '#infra/objects/objectStore.ts';
import { createAdmissions } from '#infra/postgres/admissions.ts';
import { createApprovals } from '#infra/postgres/approvals.ts';
import { createAuditLog } from '#infra/postgres/auditLog.ts';
import { createCatalogue } from '#infra/postgres/catalogue.ts';
import { Database } from '#infra/postgres/database.ts';
import { createLedger } from '#infra/postgres/ledger/ledger.ts';
import { createLineage } from '#infra/postgres/lineage/lineage.ts';
import { createSnapshotShelf } from '#infra/snapshots/snapshotShelf.ts';
import { createTradingStatuses } from '#infra/postgres/tradingStatuses.ts';
import { createPeople } from '#infra/postgres/people.ts';
import { verifySignatures } from '#infra/postgres/verifySignatures.ts';
import { clientInterceptors } from '#infra/telemetry/temporalInterceptors.ts';
import { createAccounts } from './accountDesk.ts';
import { createBooks } from './bookDesk.ts';
import type { Link, OpenDesk } from './desk.ts';
import { createIngests } from './ingestDesk.ts';
import { createModels } from './modelDesk.ts';
import { createOrigins } from './originDesk.ts';
import { createPromotions } from './promotionDesk.ts';
import { createSchedules } from './scheduleDesk.ts';
import { createHandStarts } from './startDesk.ts';
import { createTrainings } from './trainingDesk.ts';
import { createValidations } from './validationDesk.ts';

/** Where the servers behind a desk are. */
export interface DeskAddresses {
  readonly temporal: { readonly address: string; readonly namespace: string };
  readonly postgresUrl: string;
  readonly objects: ObjectStoreOptions;
  readonly mlflowUrl: string;
  readonly brokers: Pick<AccountBrokers, 'brokerOf' | 'close'>;
  /** Different people who must have signed for a model's bytes. */
  readonly approvalsRequired: number;
  readonly links: readonly Link[];
}

// Somebody waits for the page.
const mlflowPatience = { timeoutMs: 4_000, attemptsMax: 1 };

/** A desk on real servers. Nothing is connected before it is used: a halt works whatever else is down. */
export function openDesk(addresses: DeskAddresses): OpenDesk {
  const connection = Connection.lazy({ address: addresses.temporal.address, connectTimeout: '4 seconds' });
  const client = new Client({
    connection,
    namespace: addresses.temporal.namespace,
    interceptors: clientInterceptors(),
  });
  const database = new Database({
    url: addresses.postgresUrl,
    applicationName: 'plimsoll-console',
    connectionsMax: 4,
    connectTimeoutMs: 5_000,
  });
  const ledger = createLedger(database);
  const audit = createAuditLog(database);
  const catalogue = createCatalogue(database);
  const mlflow = { url: addresses.mlflowUrl, ...mlflowPatience };
  const registry = createMlflowRegistry(mlflow);
  const runs = createTrackedRuns(mlflow);
  let opened: ReturnType<typeof openObjectStore> | undefined;
  const objects = (): Promise<ObjectStore> => {
    opened ??= openObjectStore(addresses.objects);
    // A store that was down at the first call may be there at the next.
    return opened.catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
  };
  const readObject = async (key: string): Promise<Uint8Array> => (await objects()).get(key);
  const models = createModels({ catalogue, registry, objects });
  return {
    promotions: createPromotions({ client, catalogue, readObject }),
    accounts: createAccounts({ client, ledger, audit, brokerOf: addresses.brokers.brokerOf }),
    books: createBooks(ledger),
    origins: createOrigins({ catalogue, approvals: createApprovals(database), registry }),
    runs,
    people: createPeople(database),
    admissions: createAdmissions(database),
    schedules: createSchedules(client),
    audit: { verify: () => audit.verify(), verifySignatures: () => verifySignatures(database) },
    snapshots: createSnapshotShelf({ catalogue, readObject }),
    ingests: createIngests({ client, brokerOf: addresses.brokers.brokerOf, readObject }),
    tradingStatuses: createTradingStatuses(database),
    trainings: createTrainings(client),
    validations: createValidations({ client, catalogue, models, readObject }),
    starts: createHandStarts(client),
    models,
    lineage: createLineage({ database, readObject, approvalsRequired: addresses.approvalsRequired }),
    links: addresses.links,
    close: async () => {
      await addresses.brokers.close();
      await connection.close();
      await Promise.all([registry.close(), runs.close()]);
      await database.close();
    },
  };
}
