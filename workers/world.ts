import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { createAgentActivities } from '#activities/agentActivities.ts';
import { createCalendarActivities } from '#activities/calendarActivities.ts';
import { forecastSession } from '#activities/forecastSession.ts';
import { createGuardActivities } from '#activities/guardActivities.ts';
import { createMarketDataActivities } from '#activities/marketDataActivities.ts';
import { createOrderActivities } from '#activities/orderActivities.ts';
import { createPromotionActivities } from '#activities/promotionActivities.ts';
import { createSessionActivities } from '#activities/sessionActivities.ts';
import { createSearchActivities } from '#activities/searchActivities.ts';
import { createTrainingActivities } from '#activities/trainingActivities.ts';
import { createValidationActivities } from '#activities/validationActivities.ts';
import { createWatchActivities } from '#activities/watchActivities.ts';
import { createAccountBrokers } from '#infra/brokers/accountBrokers.ts';
import { guardTermsOf } from '#infra/configuration/guardTerms.ts';
import type { Settings } from '#infra/configuration/schema.ts';
import { createMlflowRegistry } from '#infra/mlflow/mlflowRegistry.ts';
import { openObjectStore } from '#infra/objects/objectStore.ts';
import { parquetTables } from '#infra/parquet/parquetTables.ts';
import { createApprovals } from '#infra/postgres/approvals.ts';
import { createAuditLog } from '#infra/postgres/auditLog.ts';
import { createCatalogue } from '#infra/postgres/catalogue.ts';
import { Database } from '#infra/postgres/database.ts';
import { createLedger } from '#infra/postgres/ledger/ledger.ts';
import { createPeople } from '#infra/postgres/people.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { codeVersionOf } from '#infra/stack/codeVersion.ts';
import { readAddresses } from '#infra/stack/addresses.ts';
import { readHomeState } from '#infra/stack/homeState.ts';
import { provideSample } from '#infra/stack/sampleData.ts';
import { clientInterceptors } from '#infra/telemetry/temporalInterceptors.ts';
import type { PlimsollLogger } from '#infra/telemetry/logger.ts';
import { logProgram } from '#infra/telemetry/programLines.ts';
import { ModelProcesses } from '#models/process/modelProcessClient.ts';
import { createGuardDesk } from './guardDesk.ts';
import { logPager } from './logPager.ts';
import { createNamedProviders } from './namedProviders.ts';

/** What a worker of this home is given. */
export interface WorldRequest {
  readonly home: string;
  readonly cache: string;
  readonly service: string;
  readonly logger: PlimsollLogger;
  /** Whose orders go where, and what guards keep accounts by. */
  readonly trading: Settings['trading'];
  readonly data: Settings['data'];
  /** Different people who must sign for a champion's bytes. */
  readonly approvalsRequired: number;
  /** Model processes of this worker at a time. */
  readonly modelProcessesMax: number;
  /** Where forecasts are computed; the processor unless told otherwise. */
  readonly inferenceProvider?: Settings['model']['inferenceProvider'];
}

/** Every activity on real servers, by the kind of work. */
export async function openWorld(request: WorldRequest) {
  const { home, cache, service, logger, approvalsRequired, data } = request;
  const addresses = await readAddresses(home);
  const { ports } = await readHomeState(home);
  const connection = await Connection.connect({ address: addresses.temporal.address });
  const client = new Client({
    connection,
    namespace: addresses.temporal.namespace,
    interceptors: clientInterceptors(),
  });
  const database = new Database({ url: addresses.postgres.url, applicationName: service });
  const registry = createMlflowRegistry({ url: addresses.mlflow.url });
  const processes = new ModelProcesses(
    request.modelProcessesMax,
    (output) => logProgram(logger, 'model process', output),
    { provider: request.inferenceProvider ?? 'cpu', threads: 1 },
  );
  const stores = {
    objects: await openObjectStore(addresses.objects),
    tables: parquetTables,
    catalogue: createCatalogue(database),
  };
  const ledger = createLedger(database);
  const audit = createAuditLog(database);
  const signing = { approvals: createApprovals(database), people: createPeople(database), approvalsRequired };
  const brokers = createAccountBrokers({ home, trading: request.trading, exchangePort: ports.paperExchange });
  const codeVersion = codeVersionOf(fileURLToPath(new URL('..', import.meta.url)));
  const models = { ...stores, registry, processes };
  const training = createTrainingActivities({ ...models, codeVersion });
  const agents = createAgentActivities({ ...models, codeVersion });
  const providers = createNamedProviders(data, await provideSample(cache, () => undefined));
  const trading = { ledger, audit, objects: stores.objects, brokerOf: brokers.brokerOf };
  return {
    addresses,
    client,
    marketData: createMarketDataActivities({
      ...stores,
      codeVersion,
      contractRules: data.contract,
      provider: providers.named(data.provider),
      providerNamed: (name) => providers.named(name),
      universe: { ...data, firstSession: sessionDate(data.firstSession) },
    }),
    training,
    agents,
    search: createSearchActivities({ ...models, codeVersion }, training),
    validation: createValidationActivities(models),
    watch: createWatchActivities({ ...models, audit, ledger }),
    promotion: createPromotionActivities({ ...stores, ...signing, registry, audit }),
    trading: {
      ...createOrderActivities(trading),
      ...createGuardActivities({ ...trading, pager: logPager(logger) }),
      ...createCalendarActivities(trading),
      ...createSessionActivities({
        ...trading,
        ...(brokers.replay && { replay: brokers.replay }),
        guard: createGuardDesk(client, guardTermsOf(request.trading)),
        codeVersion,
        forecast: (plan) => forecastSession({ ...models, ...signing, ledger, brokerOf: brokers.brokerOf }, plan),
      }),
    },
    async close(): Promise<void> {
      processes.stop();
      await Promise.all([registry.close(), providers.close()]);
      await brokers.close();
      await connection.close();
      await database.close();
    },
  };
}
