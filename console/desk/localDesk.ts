import path from 'node:path';
import { createAccountBrokers } from '#infra/brokers/accountBrokers.ts';
import type { Settings } from '#infra/configuration/schema.ts';
import { readAddresses } from '#infra/stack/addresses.ts';
import { readHomeState } from '#infra/stack/homeState.ts';
import type { Link, OpenDesk } from './desk.ts';
import { openDesk } from './openDesk.ts';

/**
 * A desk on the stack that runs in the home of these settings.
 * @throws Failure STACK_NOT_RUNNING when none does
 */
export async function openLocalDesk(checkout: string, settings: Settings): Promise<OpenDesk> {
  const home = path.resolve(checkout, settings.stack.homeDirectory);
  const { temporal, postgres, objects, mlflow } = await readAddresses(home);
  const { ports } = await readHomeState(home);
  const links: readonly Link[] = [
    { name: 'Temporal', url: `${temporal.uiUrl}/namespaces/${temporal.namespace}/workflows` },
    { name: 'MLflow', url: mlflow.url },
    ...(objects.consoleUrl === undefined ? [] : [{ name: 'MinIO', url: objects.consoleUrl }]),
  ];
  return openDesk({
    temporal,
    postgresUrl: postgres.url,
    objects,
    mlflowUrl: mlflow.url,
    brokers: createAccountBrokers({
      home,
      trading: settings.trading,
      exchangePort: ports.paperExchange,
      // Somebody waits for a halt.
      patience: { timeoutMs: 4_000, readAttemptsMax: 2 },
    }),
    approvalsRequired: settings.promotion.reviewersRequired,
    links,
  });
}
