import { connect } from 'node:net';
import { Client, DatabaseError } from 'pg';
import { request } from 'undici';
import type { StackAddresses } from './addresses.ts';

const answerTimeoutMs = 2_000;

/** Whether an address answers 200 within two seconds. */
export async function answers(url: string): Promise<boolean> {
  const { statusCode, body } = await request(url, { headersTimeout: answerTimeoutMs, bodyTimeout: answerTimeoutMs });
  await body.dump();
  return statusCode === 200;
}

/** Whether an address answers anything at all, be it a refusal; throws why not. */
export async function responds(url: string): Promise<boolean> {
  const { body } = await request(url, { headersTimeout: answerTimeoutMs, bodyTimeout: answerTimeoutMs });
  await body.dump();
  return true;
}

/** Whether a PostgreSQL answers anything at all: one that has no connection to spare does not hang. */
export async function postgresResponds(url: string): Promise<boolean> {
  return connects(url).catch((error: unknown) => {
    if (error instanceof DatabaseError) return true;
    throw error;
  });
}

/** Whether a PostgreSQL, given with its credentials, answers a query; throws why not. */
export async function connects(url: string): Promise<boolean> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: answerTimeoutMs,
    query_timeout: answerTimeoutMs,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Whether something listens at `host:port`. */
export function listens(address: string): Promise<boolean> {
  const [host = '', port = '0'] = address.split(':');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), timeout: answerTimeoutMs });
    const settle = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.on('connect', () => settle(true));
    socket.on('error', () => settle(false));
    socket.on('timeout', () => settle(false));
  });
}

/** Asks a server of the stack, by its name, whether it answers now; undefined for programs that are not asked. */
export async function isAnswering(name: string, addresses: StackAddresses): Promise<boolean | undefined> {
  const questions: Readonly<Record<string, () => Promise<boolean>>> = {
    temporal: async () => (await listens(addresses.temporal.address)) && (await answers(addresses.temporal.uiUrl)),
    postgres: () => connects(addresses.postgres.url),
    seaweedfs: () => answers(`${addresses.objects.endpoint}/healthz`),
    minio: () => answers(`${addresses.objects.endpoint}/minio/health/ready`),
    mlflow: () => answers(`${addresses.mlflow.url}/health`),
  };
  return questions[name]?.().catch(() => false);
}
