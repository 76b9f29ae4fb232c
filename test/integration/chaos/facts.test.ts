import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JournalEntry } from '#infra/paperExchange/events.ts';
import { Journal } from '#infra/paperExchange/journal.ts';
import { MlflowHttp } from '#infra/mlflow/mlflowHttp.ts';
import { openObjectStore } from '#infra/objects/objectStore.ts';
import { Database } from '#infra/postgres/database.ts';
import { migrate } from '#infra/postgres/migrate.ts';
import { cacheFolder } from '#infra/stack/cache.ts';
import { startStack, type RunningStack } from '#infra/stack/stack.ts';
import { gatherFacts, readFacts, withVenue, type LifecycleFacts } from '#test/chaos/lifecycleFacts.ts';
import { friday, monday, writeRecording } from '../paperExchange/recording.ts';
import { artifactOf, orderOf, soundLife, termsOf, writeSoundLife } from './soundLife.ts';
import { tamperWith, type Tamper } from './tamper.ts';

// A sound life on servers of its own; each test plants one violation, sees exactly that reported, and takes it back.
const home = mkdtempSync(path.join(tmpdir(), 'plimsoll-facts-'));
const exchangeHome = path.join(home, 'paperExchange');
const { model, trainingDigest, account } = soundLife;
let barsFile: string;
let stack: RunningStack;
let database: Database;
let tamper: Tamper;
let http: MlflowHttp;
let runId: string;
let artifactDigest: string;

beforeAll(async () => {
  const services = ['postgres', 'minio', 'mlflow'] as const;
  stack = await startStack({ home, cache: cacheFolder(), services, progress: () => undefined });
  const { postgres, mlflow } = stack.addresses;
  await migrate(postgres.url);
  database = new Database({ url: postgres.url, applicationName: 'plimsoll-test' });
  tamper = tamperWith(database);
  http = new MlflowHttp({ url: mlflow.url });
  barsFile = writeRecording(home);
  ({ runId, artifactDigest } = await withVenue(exchangeHome, barsFile, (exchange) =>
    writeSoundLife(stack.addresses, database, exchange),
  ));
});

afterAll(async () => {
  await http?.close();
  await database?.close();
  await stack?.stop();
  rmSync(home, { recursive: true, force: true });
});

const look = (venueHome = exchangeHome): Promise<LifecycleFacts> =>
  withVenue(venueHome, barsFile, (venue) => gatherFacts(stack.addresses, venue));

/** What is reported while a violation stands; it is taken back afterwards. */
async function whileThereIs(
  plant: () => Promise<unknown>,
  takeBack: () => Promise<unknown>,
): Promise<readonly string[]> {
  await plant();
  try {
    return (await look()).violations;
  } finally {
    await takeBack();
  }
}

const ask = <Answer>(method: 'POST' | 'DELETE', below: string, json: unknown): Promise<Answer> =>
  http.call<Answer>({ method, path: `/api/2.0/mlflow/${below}`, json, kind: 'idempotent' });

test('a sound life shows no violation, and all of it is counted', async () => {
  expect(await look()).toEqual({
    runs: 1,
    versions: 1,
    artifacts: 1,
    orders: 2,
    fills: 2,
    auditRecords: 3,
    violations: [],
  });
});

describe('in MLflow', () => {
  /** A run made past the adapter, as a second worker without its search would make it. */
  async function strayRun(tags: readonly { readonly key: string; readonly value: string }[]): Promise<string> {
    const { experiments } = await ask<{ experiments: { name: string; experiment_id: string }[] }>(
      'POST',
      'experiments/search',
      { max_results: 100 },
    );
    const experimentId = experiments.find(({ name }) => name === model)!.experiment_id;
    const { run } = await ask<{ run: { info: { run_id: string } } }>('POST', 'runs/create', {
      experiment_id: experimentId,
      start_time: Date.now(),
      tags,
    });
    await ask('POST', 'runs/update', { run_id: run.info.run_id, status: 'FINISHED' });
    return run.info.run_id;
  }

  test('a second run of a training is reported', async () => {
    let stray = '';
    const reported = await whileThereIs(
      async () => (stray = await strayRun([{ key: 'plimsoll.training', value: trainingDigest }])),
      () => ask('POST', 'runs/delete', { run_id: stray }),
    );
    expect(reported).toEqual([`2 MLflow runs of training ${trainingDigest}`]);
  });

  test('a run of no training is reported', async () => {
    let stray = '';
    const reported = await whileThereIs(
      async () => (stray = await strayRun([])),
      () => ask('POST', 'runs/delete', { run_id: stray }),
    );
    expect(reported).toEqual([`run ${stray} belongs to no training`]);
  });

  test('a run that was never finished is reported', async () => {
    const reported = await whileThereIs(
      () => ask('POST', 'runs/update', { run_id: runId, status: 'RUNNING' }),
      () => ask('POST', 'runs/update', { run_id: runId, status: 'FINISHED' }),
    );
    expect(reported).toEqual([`run ${runId} was left RUNNING`]);
  });

  const strayVersion = async (digest: string): Promise<string> => {
    const { model_version: made } = await ask<{ model_version: { version: string } }>('POST', 'model-versions/create', {
      name: model,
      source: 's3://plimsoll/stray',
      run_id: runId,
      tags: [{ key: 'plimsoll.artifactDigest', value: digest }],
    });
    return made.version;
  };
  const deleteVersion = (version: string): Promise<unknown> =>
    ask('DELETE', 'model-versions/delete', { name: model, version });

  test('a second version of an artifact is reported', async () => {
    let version = '';
    const reported = await whileThereIs(
      async () => (version = await strayVersion(artifactDigest)),
      () => deleteVersion(version),
    );
    expect(reported).toContain(`2 versions of artifact ${artifactDigest}`);
  });

  test('a version of an artifact that the catalogue does not know is reported', async () => {
    let version = '';
    const { digest } = artifactOf('other weights');
    const reported = await whileThereIs(
      async () => (version = await strayVersion(digest)),
      () => deleteVersion(version),
    );
    expect(reported).toEqual([`version ${version} is of artifact ${digest}, which is not in the catalogue`]);
  });

  test('a champion whose bytes nobody approved is reported', async () => {
    let version = '';
    const { digest } = artifactOf('other weights');
    const champion = (to: string): Promise<unknown> =>
      ask('POST', 'registered-models/alias', { name: model, alias: 'champion', version: to });
    const reported = await whileThereIs(
      async () => {
        version = await strayVersion(digest);
        await champion(version);
      },
      async () => {
        await champion('1');
        await deleteVersion(version);
      },
    );
    expect(reported.at(-1)).toBe(
      `the champion of ${model} is version ${version}, artifact ${digest}; approved was version 1, artifact ${artifactDigest}`,
    );
  });
});

test('bytes of an artifact that were altered in the object store are reported', async () => {
  const objects = await openObjectStore(stack.addresses.objects);
  const key = `artifacts/${artifactDigest}/weights.bin`;
  const write = (text: string): Promise<void> => objects.put(key, new TextEncoder().encode(text), 'application/json');
  const reported = await whileThereIs(
    () => write('weighty'),
    () => write('weights'),
  );
  expect(reported).toEqual([expect.stringContaining(`artifact ${artifactDigest} cannot be read`)]);
});

describe('at the exchange', () => {
  /** The venue's journal, copied, with more in it. */
  async function reportedWith(change: (copyHome: string) => void | Promise<void>): Promise<readonly string[]> {
    const copyHome = mkdtempSync(path.join(home, 'exchange-'));
    copyFileSync(path.join(exchangeHome, 'journal.jsonl'), path.join(copyHome, 'journal.jsonl'));
    await change(copyHome);
    return (await look(copyHome)).violations;
  }

  test('an order sent twice under two ids is reported', async () => {
    const reported = await reportedWith((copyHome) =>
      withVenue(copyHome, barsFile, (exchange) => {
        // On another day, then on one: two buys of one symbol, neither of them written by us.
        exchange.advance(account, { session: monday, phase: 'beforeOpen' });
        for (const id of ['twin-1', 'twin-2'])
          exchange.submit(account, { ...termsOf(orderOf('AAPL')), clientOrderId: id });
      }),
    );
    expect(reported).toEqual([
      '2 orders at the exchange of twin buy',
      'twin-1 is at the exchange and not in the ledger',
      'twin-2 is at the exchange and not in the ledger',
    ]);
  });

  test('an order that the exchange took twice under one id is reported', async () => {
    const reported = await reportedWith((copyHome) => {
      let accepted: JournalEntry['events'][number] | undefined;
      const journal = Journal.open<JournalEntry>(path.join(copyHome, 'journal.jsonl'), ({ events }) => {
        accepted ??= events.find(({ kind }) => kind === 'orderAccepted');
      });
      if (accepted?.kind !== 'orderAccepted') throw new Error('the journal holds no order');
      journal.append({ account, events: [{ ...accepted, orderId: 'second' }] });
      journal.close();
    });
    expect(reported).toContain(`2 orders at the exchange under ${account}-AAPL-0`);
  });

  test('an order that never reached it is reported as lost', async () => {
    const reported = await reportedWith(async (copyHome) => {
      rmSync(path.join(copyHome, 'journal.jsonl'));
      await withVenue(copyHome, barsFile, (exchange) => {
        exchange.openAccount({ account, cash: 10_000_000_000 as never, firstSession: friday });
      });
    });
    expect(reported).toContain(`${account}-AAPL-0 is filled here and was lost: the exchange does not know it`);
    expect(reported).toContain(`${account}: AAPL: 10 shares here, 0 at the broker`);
  });
});

describe('in PostgreSQL', () => {
  /** What is reported while a statement's doing stands. */
  const reportedAfter = (statement: string): Promise<readonly string[]> =>
    whileThereIs(() => tamper.runKeeping(statement), tamper.putBack);

  test('a fill that is missing in the ledger is reported, and the position with it', async () => {
    const [fill] = await database.query<{ id: string; price: number }>(
      `SELECT execution_id AS id, price FROM fills WHERE symbol = 'NVDA'`,
    );
    expect(await reportedAfter(`DELETE FROM fills WHERE execution_id = '${fill!.id}'`)).toEqual([
      `fill ${fill!.id} (${account}-NVDA-0: 10 at ${fill!.price}) is missing in the ledger`,
      `${account}: NVDA: 0 shares here, 10 at the broker`,
    ]);
  });

  test.each([
    ['a fill at another price', `UPDATE fills SET price = price + 1 WHERE symbol = 'AAPL'`, /^fill .* here and /],
    ['an order left unknown', `UPDATE orders SET state = 'unknown' WHERE symbol = 'AAPL'`, /was left unknown$/],
    [
      'an order of another size',
      `UPDATE orders SET quantity = 11 WHERE symbol = 'AAPL'`,
      /^book-AAPL-0 is "AAPL buy 11/,
    ],
    [
      'a session left open',
      'UPDATE trading_sessions SET report = NULL, closed_at = NULL',
      /^session 2020-03-13 of book was left open$/,
    ],
    [
      'a session closed unreconciled',
      `UPDATE trading_sessions SET report = '{"reconciled": false}'`,
      /^session 2020-03-13 of book was closed unreconciled$/,
    ],
    [
      'a decision that the audit chain does not hold',
      `UPDATE decisions SET decision_id = 'decision-2'`,
      /^decision:decision-2 is not in the audit chain$/,
    ],
  ])('%s is reported', async (_what, statement, sentence) => {
    expect(await reportedAfter(statement)).toEqual([expect.stringMatching(sentence)]);
  });

  test('a record of the audit chain that was altered is reported, past the trigger that forbids it', async () => {
    const alter = async (actor: string): Promise<void> => {
      await tamper.run(`UPDATE audit_records SET actor = '${actor}' WHERE sequence = 2`);
    };
    const reported = await whileThereIs(
      () => alter('mallory'),
      () => alter('test'),
    );
    expect(reported).toEqual(['the audit chain breaks at record 2 of 3']);
  });
});

test('after all of them the life is sound again, and a home that does not run tells of its violations too', async () => {
  expect((await look()).violations).toEqual([]);
  await tamper.run(`UPDATE orders SET state = 'unknown' WHERE symbol = 'AAPL'`);
  await stack.stop();
  mkdirSync(exchangeHome, { recursive: true });
  const { violations, orders } = await readFacts(home);
  expect({ violations, orders }).toEqual({ violations: [`${account}-AAPL-0 was left unknown`], orders: 2 });
});
