import { Client as ObjectClient } from 'minio';
import { Client as PostgresClient, escapeIdentifier } from 'pg';
import type { StackAddresses } from './addresses.ts';
import type { Progress } from './cache.ts';
import { provideMinio } from './minio.ts';
import type { ObjectServer } from './objectServer.ts';
import { databaseUrl } from './ownAddresses.ts';
import { postgresBinaries } from './postgresBinaries.ts';
import { providePythonServers } from './pythonServers.ts';
import type { ServerSpec } from './serverProcess.ts';
import { provideSeaweedfs } from './seaweedfs.ts';
import { seaweedfsServer } from './seaweedfsServer.ts';
import { minioServer, mlflowServer, postgresServer, temporalServer, type ServerSettings } from './servers.ts';

/** Servers of the stack; `minio` is the object store, whichever serves it. MLflow needs PostgreSQL and that. */
export const stackServices = ['postgres', 'minio', 'temporal', 'mlflow'] as const;

/** One server of the stack. */
export type StackService = (typeof stackServices)[number];

/** Provides and starts the servers: independent ones side by side, MLflow after the two it stands on. */
export async function startServers(
  services: readonly StackService[],
  start: {
    readonly settings: ServerSettings;
    readonly keep: (spec: ServerSpec) => Promise<void>;
    readonly cache: string;
    readonly progress: Progress;
    readonly objectServer: ObjectServer;
  },
): Promise<void> {
  const { settings, keep, cache, progress, objectServer } = start;
  const { postgres, objects } = settings.addresses;
  const wants = (service: StackService): boolean => services.includes(service);
  const python = wants('temporal') || wants('mlflow') ? providePythonServers(cache, progress) : undefined;
  const starting = [
    wants('minio') &&
      (objectServer === 'minio'
        ? provideMinio(cache, progress).then((binary) => keep(minioServer(binary, settings)))
        : provideSeaweedfs(cache, progress)
            .then((binary) => seaweedfsServer(binary, settings))
            .then(keep)),
    wants('postgres') &&
      Promise.resolve()
        .then(() => postgresServer(postgresBinaries(), settings))
        .then(keep)
        .then(() => createDatabase(postgres.url, 'plimsoll')),
    python && wants('temporal') && python.then(({ temporal }) => keep(temporalServer(temporal, settings))),
    python?.then(() => undefined),
  ].filter((start) => start instanceof Promise);
  // All come to rest before one's failure is told: none may start while the others are being stopped.
  for (const outcome of await Promise.allSettled(starting)) if (outcome.status === 'rejected') throw outcome.reason;
  if (wants('minio') || wants('mlflow')) {
    await createBuckets(objects, wants('mlflow') ? [objects.bucket, 'mlflow'] : [objects.bucket]);
  }
  if (python && wants('mlflow')) {
    await createDatabase(postgres.url, 'mlflow');
    await keep(mlflowServer((await python).python, settings));
  }
}

/** A database on the server of an address, made when it is not there. */
async function createDatabase(address: string, name: string): Promise<void> {
  const client = new PostgresClient({ connectionString: databaseUrl(address, 'postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

async function createBuckets(objects: StackAddresses['objects'], names: readonly string[]): Promise<void> {
  const { protocol, hostname, port } = new URL(objects.endpoint);
  const client = new ObjectClient({
    endPoint: hostname,
    ...(port !== '' && { port: Number(port) }),
    useSSL: protocol === 'https:',
    region: objects.region,
    accessKey: objects.accessKey,
    secretKey: objects.secretKey,
  });
  for (const name of names) if (!(await client.bucketExists(name))) await client.makeBucket(name);
}
