import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Client as ObjectClient } from 'minio';
import pg from 'pg';
import { Failure } from '#domain/failure.ts';
import { addressesFile, type StackAddresses } from './addresses.ts';
import type { Progress } from './cache.ts';
import { lockHolder, tryLock } from './fileLock.ts';
import { readHomeState, writeHomeState, writePrivate } from './homeState.ts';
import { provideMinio } from './minio.ts';
import { choosePorts } from './ports.ts';
import { postgresBinaries } from './postgresBinaries.ts';
import { providePythonServers } from './pythonServers.ts';
import { ServerProcess, type ServerSpec, type ServerStatus } from './serverProcess.ts';
import {
  minioServer,
  mlflowServer,
  namespace,
  postgresServer,
  postgresUrl,
  temporalServer,
  type ServerSettings,
} from './servers.ts';

/** Servers of the stack. MLflow needs PostgreSQL and the object store. */
export const stackServices = ['postgres', 'minio', 'temporal', 'mlflow'] as const;

/** One server of the stack. */
export type StackService = (typeof stackServices)[number];

/** How to start a stack. */
export interface StackRequest {
  /** Folder of its state, `.plimsoll` by default; one stack a folder. */
  readonly home: string;
  readonly cache: string;
  readonly progress: Progress;
  /** Default: all. */
  readonly services?: readonly StackService[];
  /** Fixed ports by name; 0 or absent: a free one. */
  readonly ports?: Readonly<Record<string, number>>;
}

/** A stack that runs in this process's keeping. */
export interface RunningStack {
  readonly addresses: StackAddresses;
  status(): readonly ServerStatus[];
  /** Keeps one more program beside the servers, stopped before them. */
  keep(spec: ServerSpec): Promise<void>;
  /** Stops everything in reverse order and lets the home go. */
  stop(): Promise<void>;
}

const portNames = ['temporal', 'temporalUi', 'temporalMetrics', 'postgres', 's3', 's3Console', 'mlflow'];

/**
 * Starts the servers of a home and keeps them running until stopped.
 * @throws Failure STACK_IN_USE when another process keeps this home
 */
export async function startStack(request: StackRequest): Promise<RunningStack> {
  const { home, progress } = request;
  const services = request.services ?? stackServices;
  const state = await readHomeState(home);
  const lock = path.join(home, 'stack.lock');
  if (!(await tryLock(lock)) && !(await tryLock(lock))) {
    const holder = await lockHolder(lock);
    const message = `process ${holder?.pid ?? 'unknown'} keeps the stack of ${home}: stop it with npx plimsoll down`;
    throw new Failure('STACK_IN_USE', message, { home });
  }
  const kept: ServerProcess[] = [];
  const stop = async (): Promise<void> => {
    for (const server of kept.toReversed()) await server.stop();
    await rm(addressesFile(home), { force: true });
    await rm(lock, { force: true });
  };
  const keep = async (spec: ServerSpec): Promise<void> => {
    progress(spec.name, 'starting');
    const server = new ServerProcess(spec, home);
    kept.push(server);
    await server.start();
    progress(spec.name, 'running');
  };
  try {
    const ports = await choosePorts(portNames, { configured: request.ports ?? {}, last: state.ports });
    await writeHomeState(home, { ...state, ports });
    const settings: ServerSettings = { home, ports, credentials: state.credentials };
    await startServers(services, { settings, keep, request });
    const addresses = addressesOf(settings);
    await writePrivate(addressesFile(home), addresses);
    return { addresses, keep, stop, status: () => kept.map((server) => server.status()) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Independent servers side by side; MLflow after the two it stands on. */
async function startServers(
  services: readonly StackService[],
  start: { settings: ServerSettings; keep: (spec: ServerSpec) => Promise<void>; request: StackRequest },
): Promise<void> {
  const { settings, keep } = start;
  const { cache, progress } = start.request;
  const wants = (service: StackService): boolean => services.includes(service);
  const python = wants('temporal') || wants('mlflow') ? providePythonServers(cache, progress) : undefined;
  const starting = [
    wants('postgres') &&
      postgresServer(postgresBinaries(), settings)
        .then(keep)
        .then(() => createDatabases(settings)),
    wants('minio') &&
      provideMinio(cache, progress)
        .then((binary) => keep(minioServer(binary, settings)))
        .then(() => createBuckets(settings)),
    python && wants('temporal') && python.then(({ temporal }) => keep(temporalServer(temporal, settings))),
  ];
  const settled = await Promise.allSettled(starting);
  for (const outcome of settled) if (outcome.status === 'rejected') throw outcome.reason;
  if (python && wants('mlflow')) await keep(mlflowServer((await python).python, settings));
}

async function createDatabases(settings: ServerSettings): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl('postgres', settings) });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>('select datname from pg_database');
    for (const name of ['plimsoll', 'mlflow']) {
      if (!rows.some(({ datname }) => datname === name)) await client.query(`create database ${name}`);
    }
  } finally {
    await client.end();
  }
}

async function createBuckets({ ports, credentials }: ServerSettings): Promise<void> {
  const client = new ObjectClient({
    endPoint: '127.0.0.1',
    port: ports.s3 ?? 0,
    useSSL: false,
    region: 'us-east-1',
    accessKey: credentials.s3AccessKey,
    secretKey: credentials.s3SecretKey,
  });
  for (const bucket of ['plimsoll', 'mlflow']) {
    if (!(await client.bucketExists(bucket))) await client.makeBucket(bucket);
  }
}

function addressesOf(settings: ServerSettings): StackAddresses {
  const { ports, credentials } = settings;
  const url = (name: string): string => `http://127.0.0.1:${ports[name]}`;
  return {
    temporal: { address: `127.0.0.1:${ports.temporal}`, namespace, uiUrl: url('temporalUi') },
    postgres: { url: postgresUrl('plimsoll', settings) },
    objects: {
      endpoint: url('s3'),
      region: 'us-east-1',
      bucket: 'plimsoll',
      accessKey: credentials.s3AccessKey,
      secretKey: credentials.s3SecretKey,
      consoleUrl: url('s3Console'),
    },
    mlflow: { url: url('mlflow') },
  };
}
