import { failureInterceptor } from '#workers/failureInterceptor.ts';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { requireSignedReview } from '#activities/approvedBytes.ts';
import { createGuardActivities } from '#activities/guardActivities.ts';
import type { PromotionActivities } from '#activities/promotionActivities.ts';
import { openDesk } from '#console/desk/openDesk.ts';
import type { OpenDesk } from '#console/desk/desk.ts';
import { createAuditLog } from '#infra/postgres/auditLog.ts';
import { createCatalogue } from '#infra/postgres/catalogue.ts';
import type { Database } from '#infra/postgres/database.ts';
import { createLedger } from '#infra/postgres/ledger/ledger.ts';
import { createPeople } from '#infra/postgres/people.ts';
import type { StackAddresses } from '#infra/stack/addresses.ts';
import { createLogger } from '#infra/telemetry/logger.ts';
import { createMetrics } from '#infra/telemetry/metrics.ts';
import {
  clientInterceptors,
  workerInterceptors,
  workflowInterceptorModule,
  workflowSinks,
} from '#infra/telemetry/temporalInterceptors.ts';
import { temporalLogger } from '#infra/telemetry/temporalLogger.ts';
import { installTemporalRuntime } from '#infra/telemetry/temporalRuntime.ts';
import type { Tracing } from '#infra/telemetry/tracing.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import { createTemporaryDatabase } from '../postgres/temporaryDatabase.ts';
import { createNamespace } from '../temporalNamespace.ts';
import { endVenue, startVenue, type Venue } from '../paperExchange/venue.ts';

/** Real servers behind a desk: Temporal, PostgreSQL, the object store and the paper exchange. */
export interface DeskServers {
  readonly stack: StackAddresses;
  /** Temporal namespace of this test file. */
  readonly namespace: string;
  readonly venue: Venue;
  readonly database: Database;
  readonly client: Client;
  readonly desk: OpenDesk;
  /** A desk that has Temporal, PostgreSQL or MLflow at an address where nothing listens. */
  deskWithout(server: 'temporal' | 'postgres' | 'mlflow'): OpenDesk;
  stop(): Promise<void>;
}

type DeskPlaces = Readonly<Record<'temporal' | 'postgres' | 'mlflow', string>>;

/** Addresses at which nothing listens. */
const nowhere: DeskPlaces = {
  temporal: '127.0.0.1:9',
  postgres: 'postgresql://plimsoll@127.0.0.1:9/plimsoll',
  mlflow: 'http://127.0.0.1:9',
};

/** Opens a database and a namespace of their own on the shared servers, and starts a venue. */
export async function openDeskServers(stack: StackAddresses): Promise<DeskServers> {
  const { temporal, objects, mlflow } = stack;
  const temporary = await createTemporaryDatabase(stack.postgres.url);
  const { database, url: postgresUrl } = temporary;
  const venue = await startVenue();
  const connection = await Connection.connect({ address: temporal.address });
  const namespace = await createNamespace(connection);
  const client = new Client({ connection, namespace, interceptors: clientInterceptors() });
  const deskAt = (elsewhere: Partial<DeskPlaces>): OpenDesk => {
    const places = { temporal: temporal.address, postgres: postgresUrl, mlflow: mlflow.url, ...elsewhere };
    return openDesk({
      temporal: { address: places.temporal, namespace },
      postgresUrl: places.postgres,
      objects,
      mlflowUrl: places.mlflow,
      brokers: { brokerOf: (account) => venue.brokerFor(account), close: () => Promise.resolve() },
      approvalsRequired: 2,
      links: [],
    });
  };
  const desk = deskAt({});
  return {
    stack,
    namespace,
    venue,
    database,
    client,
    desk,
    deskWithout: (server) => deskAt({ [server]: nowhere[server] }),
    stop: async () => {
      await desk.close();
      await connection.close();
      await endVenue(venue);
      await temporary.drop();
    },
  };
}

/** A worker that serves now and then. */
export interface WorkerProgram {
  /** Runs a body while a worker serves. */
  during<Result>(body: () => Promise<Result>): Promise<Result>;
}

/** A worker of the project's workflows, with the guard's own activities and a promotion's figures; traced and silent. */
export async function prepareWorker(servers: DeskServers, tracing: Tracing): Promise<WorkerProgram> {
  const { namespace } = servers;
  const { address } = servers.stack.temporal;
  const logger = createLogger({ service: 'plimsoll-test', level: 'error', destination: { write: () => undefined } });
  installTemporalRuntime({ logger, metricsAddress: undefined });
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: new URL('../../../workflows/all.ts', import.meta.url).pathname,
    workflowInterceptorModules: [workflowInterceptorModule],
    logger: temporalLogger(logger),
  });
  return {
    during: async (body) => {
      const connection = await NativeConnection.connect({ address });
      const interceptors = workerInterceptors(createMetrics({ service: 'plimsoll-test' }));
      const traced = { ...interceptors, activity: interceptors.activity ?? [] };
      const workers = await Promise.all(
        [taskQueues.lifecycle, taskQueues.trading].map((taskQueue) =>
          Worker.create({
            connection,
            namespace,
            taskQueue,
            workflowBundle,
            activities: activitiesOf(servers),
            interceptors: { ...traced, activity: [...traced.activity, () => ({ inbound: failureInterceptor })] },
            sinks: workflowSinks(tracing),
          }),
        ),
      );
      const running = workers.map((worker) => worker.run());
      try {
        return await body();
      } finally {
        for (const worker of workers) worker.shutdown();
        await Promise.all(running);
        await connection.close();
      }
    },
  };
}

function activitiesOf({ database, venue }: DeskServers): object {
  const people = createPeople(database);
  const promotion: Partial<PromotionActivities> = {
    readFigures: () => Promise.resolve({ sharpe: 1.2 }),
    verifyReview: ({ review, subject }) =>
      requireSignedReview({ people, catalogue: createCatalogue(database) }, review, subject),
    askForReview: () => Promise.resolve(),
    recordDecision: () => Promise.resolve(),
    crownChampion: () => Promise.resolve(),
  };
  const guard = createGuardActivities({
    ledger: createLedger(database),
    audit: createAuditLog(database),
    pager: { page: () => Promise.resolve() },
    brokerOf: (account) => venue.brokerFor(account),
  });
  return { ...promotion, ...guard };
}
