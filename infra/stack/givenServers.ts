import { Connection } from '@temporalio/client';
import { request } from 'undici';
import { Failure } from '#domain/failure.ts';
import type { StackAddresses } from './addresses.ts';
import { connects } from './health.ts';

const answerTimeoutMs = 5_000;

/** Servers that run already, by their addresses: what is given here is used and not started. */
export interface GivenServers {
  /** Without the address of its pages, those of Temporal's UI server are taken to be on the same host, port 8080. */
  readonly temporal?: { readonly address: string; readonly namespace: string; readonly uiUrl?: string };
  /** With credentials. */
  readonly postgresUrl?: string;
  readonly objects?: StackAddresses['objects'];
  readonly mlflowUrl?: string;
}

/**
 * Asks each given server whether it is there: an address that was set is never silently replaced by a server of ours.
 * @throws Failure SERVER_UNREACHABLE naming the one that does not answer
 */
export async function checkGivenServers({ temporal, postgresUrl, objects, mlflowUrl }: GivenServers): Promise<void> {
  await Promise.all([
    temporal && reached('Temporal', temporal.address, () => describesNamespace(temporal)),
    postgresUrl !== undefined && reached('PostgreSQL', hostOf(postgresUrl), () => connects(postgresUrl)),
    // An S3 service refuses an unsigned question, but it answers.
    objects && reached('S3', objects.endpoint, async () => (await statusOf(objects.endpoint)) < 500),
    mlflowUrl !== undefined &&
      reached('MLflow', mlflowUrl, async () => (await statusOf(`${mlflowUrl}/health`)) === 200),
  ]);
}

async function reached(name: string, address: string, ask: () => Promise<boolean>): Promise<void> {
  let cause: unknown;
  const isThere = await ask().catch((error: unknown) => {
    cause = error;
    return false;
  });
  if (isThere) return;
  const reason = cause instanceof Error ? ` (${cause.message})` : '';
  const message = `${name} does not answer at the given address ${address}${reason}`;
  throw new Failure('SERVER_UNREACHABLE', message, { server: name, address }, { cause });
}

async function describesNamespace(given: { readonly address: string; readonly namespace: string }): Promise<boolean> {
  const connection = await Connection.connect({ address: given.address, connectTimeout: answerTimeoutMs });
  try {
    await connection.withDeadline(Date.now() + answerTimeoutMs, () =>
      connection.workflowService.describeNamespace({ namespace: given.namespace }),
    );
    return true;
  } finally {
    await connection.close();
  }
}

async function statusOf(url: string): Promise<number> {
  const { statusCode, body } = await request(url, { headersTimeout: answerTimeoutMs, bodyTimeout: answerTimeoutMs });
  await body.dump();
  return statusCode;
}

/** Host and port only: the address of a database holds its password. */
function hostOf(url: string): string {
  return new URL(url).host;
}
