import path from 'node:path';
import { MlflowHttp } from '#infra/mlflow/mlflowHttp.ts';
import { startPaperExchange } from '#infra/paperExchange/launch.ts';
import { PaperReplayControl } from '#infra/paperExchange/replayControl.ts';
import { createAuditLog } from '#infra/postgres/auditLog.ts';
import { Database } from '#infra/postgres/database.ts';
import { cacheFolder } from '#infra/stack/cache.ts';
import { provideSample } from '#infra/stack/sampleData.ts';
import { startStack } from '#infra/stack/stack.ts';

/** What stands in the servers of a home after a run. */
export interface LifecycleFacts {
  /** MLflow runs that are not deleted, by training digest. */
  readonly runs: Readonly<Record<string, number>>;
  /** Versions in the registry, by artifact digest. */
  readonly versions: Readonly<Record<string, number>>;
  /** Artifacts of the catalogue. */
  readonly artifacts: number;
  readonly orders: number;
  /** Submissions that became an order at the exchange. */
  readonly accepted: number;
  readonly auditRecords: number;
  /** What must never be, in words; empty when all is right. */
  readonly violations: readonly string[];
}

const quiet = (): void => undefined;
const api = '/api/2.0/mlflow';
const accounts = ['paper-main', 'breaker-demo'];

/** Starts the servers of a home that keep records, reads them, and stops them. */
export async function readFacts(home: string): Promise<LifecycleFacts> {
  const cache = cacheFolder();
  const stack = await startStack({ home, cache, progress: quiet, services: ['postgres', 'minio', 'mlflow'] });
  try {
    const { postgres, mlflow } = stack.addresses;
    const database = new Database({ url: postgres.url, applicationName: 'plimsoll-chaos', connectionsMax: 1 });
    const http = new MlflowHttp({ url: mlflow.url });
    try {
      const trained = await readTraining(database, http);
      const traded = await readOrders(database, await acceptedOrders(home, cache));
      const { records, verified } = await createAuditLog(database).verify();
      const audit = verified && records > 0 ? [] : [`the audit chain of ${records} records does not verify`];
      const violations = [...trained.violations, ...traded.violations, ...audit];
      return { ...trained, ...traded, auditRecords: records, violations };
    } finally {
      await http.close();
      await database.close();
    }
  } finally {
    await stack.stop();
  }
}

async function readTraining(database: Database, http: MlflowHttp) {
  const post = <Answer>(below: string, json: unknown): Promise<Answer> =>
    http.call<Answer>({ method: 'POST', path: `${api}/${below}`, json, kind: 'idempotent' });
  const { experiments = [] } = await post<{ experiments?: readonly { experiment_id: string }[] }>(
    'experiments/search',
    { max_results: 1_000 },
  );
  const found = await post<{ runs?: readonly { data: { tags?: readonly Tag[] } }[] }>('runs/search', {
    experiment_ids: experiments.map((experiment) => experiment.experiment_id),
    run_view_type: 'ACTIVE_ONLY',
    max_results: 1_000,
  });
  const listed = await http.call<{ model_versions?: readonly { tags?: readonly Tag[] }[] }>({
    method: 'GET',
    path: `${api}/model-versions/search`,
    query: { max_results: '1000' },
    kind: 'idempotent',
  });
  const runs = countBy((found.runs ?? []).map(({ data }) => tagOf(data.tags, 'plimsoll.training')));
  const versions = countBy((listed.model_versions ?? []).map(({ tags }) => tagOf(tags, 'plimsoll.artifactDigest')));
  const artifacts = await database.query<{ digest: string; training_digest: string }>(
    'SELECT digest, training_digest FROM artifacts',
  );
  const violations = [
    ...(artifacts.length === 0 ? ['no artifact is in the catalogue'] : []),
    ...doubled('MLflow runs of training', runs),
    ...doubled('versions of artifact', versions),
    ...artifacts.filter((row) => runs[row.training_digest] === undefined).map((row) => `${row.digest} has no run`),
    ...artifacts.filter((row) => versions[row.digest] === undefined).map((row) => `${row.digest} has no version`),
  ];
  return { runs, versions, artifacts: artifacts.length, violations };
}

/** Client order ids of every submission that became an order, doubled ones twice. */
async function acceptedOrders(home: string, cache: string): Promise<readonly string[]> {
  const barsFile = await provideSample(cache, quiet);
  const exchange = await startPaperExchange({ home: path.join(home, 'paperExchange'), barsFile });
  try {
    const replay = new PaperReplayControl({ url: exchange.url, controlKey: exchange.controlKey });
    const submissions = await Promise.all(accounts.map((account) => replay.submissions(account)));
    return submissions
      .flat()
      .filter(({ outcome }) => outcome === 'accepted')
      .map(({ clientOrderId }) => clientOrderId);
  } finally {
    await exchange.stop();
  }
}

async function readOrders(database: Database, accepted: readonly string[]) {
  const orders = await database.query<{ client_order_id: string; state: string; broker_order_id: string | null }>(
    'SELECT client_order_id, state, broker_order_id FROM orders',
  );
  // One decision a symbol and session: two orders of it are a doubled order, whatever their ids.
  const twins = await database.query<{ what: string; orders: number }>(
    `SELECT concat_ws(' ', account, session, strategy, symbol, side) AS what, count(*)::int AS orders FROM orders
     WHERE state NOT IN ('denied', 'rejected') GROUP BY 1 HAVING count(*) > 1`,
  );
  const overfilled = await database.query<{ client_order_id: string }>(
    `SELECT client_order_id FROM orders JOIN fills USING (client_order_id)
     GROUP BY client_order_id, orders.quantity HAVING sum(fills.quantity) > orders.quantity`,
  );
  const known = new Map(orders.map((order) => [order.client_order_id, order]));
  const venueIds = orders.flatMap((order) => order.broker_order_id ?? []);
  const unsettled = orders.filter(({ state }) => ['intended', 'sent', 'unknown'].includes(state));
  const violations = [
    ...(orders.length === 0 ? ['no order was made'] : []),
    ...doubled('accepted submissions of', countBy(accepted)),
    ...doubled('orders in the ledger of venue order', countBy(venueIds)),
    ...twins.map(({ what, orders: count }) => `${count} orders of ${what}`),
    ...overfilled.map((row) => `${row.client_order_id} filled for more than its quantity`),
    ...accepted.filter((id) => !known.has(id)).map((id) => `${id} was accepted and is not in the ledger`),
    ...unsettled.map((order) => `${order.client_order_id} was left ${order.state}`),
  ];
  return { orders: orders.length, accepted: accepted.length, violations };
}

interface Tag {
  readonly key: string;
  readonly value: string;
}

function tagOf(tags: readonly Tag[] | undefined, name: string): string {
  return tags?.find(({ key }) => key === name)?.value ?? 'untagged';
}

function countBy(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function doubled(what: string, counts: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(counts)
    .filter(([, count]) => count > 1)
    .map(([name, count]) => `${count} ${what} ${name}`);
}
