import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { createCalendarActivities } from '#activities/calendarActivities.ts';
import { forecastSession } from '#activities/forecastSession.ts';
import { createGuardActivities } from '#activities/guardActivities.ts';
import { createMarketDataActivities } from '#activities/marketDataActivities.ts';
import { createOrderActivities } from '#activities/orderActivities.ts';
import type { Broker } from '#activities/ports/broker.ts';
import { createPromotionActivities } from '#activities/promotionActivities.ts';
import { createSessionActivities } from '#activities/sessionActivities.ts';
import { createTrainingActivities } from '#activities/trainingActivities.ts';
import { createValidationActivities } from '#activities/validationActivities.ts';
import { createWatchActivities } from '#activities/watchActivities.ts';
import type { GuardTerms } from '#infra/configuration/guardTerms.ts';
import { AlpacaBroker } from '#infra/alpaca/alpacaBroker.ts';
import { createMlflowRegistry } from '#infra/mlflow/mlflowRegistry.ts';
import { openObjectStore } from '#infra/objects/objectStore.ts';
import { controlKeyOf } from '#infra/paperExchange/controlKey.ts';
import { paperCredentials } from '#infra/paperExchange/credentials.ts';
import { PaperReplayControl } from '#infra/paperExchange/replayControl.ts';
import { parquetTables } from '#infra/parquet/parquetTables.ts';
import { createApprovals } from '#infra/postgres/approvals.ts';
import { createAuditLog } from '#infra/postgres/auditLog.ts';
import { createCatalogue } from '#infra/postgres/catalogue.ts';
import { Database } from '#infra/postgres/database.ts';
import { createLedger } from '#infra/postgres/ledger/ledger.ts';
import { createPeople } from '#infra/postgres/people.ts';
import { createSampleProvider } from '#infra/sample/sampleProvider.ts';
import { codeVersionOf } from '#infra/stack/codeVersion.ts';
import { readAddresses } from '#infra/stack/addresses.ts';
import { readHomeState } from '#infra/stack/homeState.ts';
import { provideSample } from '#infra/stack/sampleData.ts';
import { clientInterceptors } from '#infra/telemetry/temporalInterceptors.ts';
import type { PlimsollLogger } from '#infra/telemetry/logger.ts';
import { logProgram } from '#infra/telemetry/programLines.ts';
import { ModelProcesses } from '#models/process/modelProcessClient.ts';
import type { ContractRules } from '#pipelines/contract/contractRules.ts';
import { createGuardDesk } from './guardDesk.ts';
import { logPager } from './logPager.ts';

/** What a worker of this home is given. */
export interface WorldRequest {
  readonly home: string;
  readonly cache: string;
  readonly service: string;
  readonly logger: PlimsollLogger;
  readonly guardTerms: GuardTerms;
  /** Thresholds of the data contract. */
  readonly contractRules: ContractRules;
  /** Different people who must sign for a champion's bytes. */
  readonly approvalsRequired: number;
  /** Model processes of this worker at a time. */
  readonly modelProcessesMax: number;
}

/** Every activity on real servers, by the kind of work. */
export async function openWorld(request: WorldRequest) {
  const { home, cache, service, logger, guardTerms, approvalsRequired } = request;
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
  const processes = new ModelProcesses(request.modelProcessesMax, (output) =>
    logProgram(logger, 'model process', output),
  );
  const stores = {
    objects: await openObjectStore(addresses.objects),
    tables: parquetTables,
    catalogue: createCatalogue(database),
  };
  const ledger = createLedger(database);
  const audit = createAuditLog(database);
  const signing = { approvals: createApprovals(database), people: createPeople(database), approvalsRequired };
  const { brokerOf, replay } = paperVenue(path.join(home, 'paperExchange'), ports.paperExchange ?? 0);
  const codeVersion = codeVersionOf(fileURLToPath(new URL('..', import.meta.url)));
  const models = { ...stores, registry, processes };
  const trading = { ledger, audit, objects: stores.objects, brokerOf };
  return {
    addresses,
    client,
    marketData: createMarketDataActivities({
      ...stores,
      codeVersion,
      contractRules: request.contractRules,
      provider: createSampleProvider({ stocksPath: await provideSample(cache, () => undefined) }),
    }),
    training: createTrainingActivities({ ...models, codeVersion }),
    validation: createValidationActivities(models),
    watch: createWatchActivities({ ...models, audit, ledger }),
    promotion: createPromotionActivities({ ...stores, ...signing, registry, audit }),
    trading: {
      ...createOrderActivities(trading),
      ...createGuardActivities({ ...trading, pager: logPager(logger) }),
      ...createCalendarActivities(trading),
      ...createSessionActivities({
        ...trading,
        replay,
        guard: createGuardDesk(client, guardTerms),
        codeVersion,
        forecast: (plan) => forecastSession({ ...models, ...signing }, plan),
      }),
    },
    async close(): Promise<void> {
      processes.stop();
      await registry.close();
      await connection.close();
      await database.close();
    },
  };
}

/** The built-in venue: one broker an account, and the control of its market time. */
function paperVenue(home: string, port: number) {
  const url = `http://127.0.0.1:${port}`;
  const controlKey = controlKeyOf(home);
  const brokers = new Map<string, Broker>();
  const brokerOf = (account: string): Broker => {
    const known = brokers.get(account);
    if (known) return known;
    const broker = new AlpacaBroker({ tradingUrl: url, credentials: paperCredentials(controlKey, account) });
    brokers.set(account, broker);
    return broker;
  };
  return { brokerOf, replay: new PaperReplayControl({ url, controlKey }) };
}
