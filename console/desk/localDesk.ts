import path from 'node:path';
import { Failure } from '#domain/failure.ts';
import { AlpacaBroker } from '#infra/alpaca/alpacaBroker.ts';
import type { Settings } from '#infra/configuration/schema.ts';
import { controlKeyOf } from '#infra/paperExchange/controlKey.ts';
import { paperCredentials } from '#infra/paperExchange/credentials.ts';
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
    brokerOf: (account) => paperBroker(account, { home: path.join(home, 'paperExchange'), port: ports.paperExchange }),
    approvalsRequired: settings.promotion.reviewersRequired,
    links,
  });
}

function paperBroker(
  account: string,
  { home, port }: { readonly home: string; readonly port: number | undefined },
): AlpacaBroker {
  if (port === undefined) {
    throw new Failure('STACK_NOT_RUNNING', 'no paper exchange was started in this home', { home });
  }
  return new AlpacaBroker({
    tradingUrl: `http://127.0.0.1:${port}`,
    credentials: paperCredentials(controlKeyOf(home), account),
    // Somebody waits for a halt.
    timeoutMs: 3_000,
    readAttemptsMax: 2,
  });
}
