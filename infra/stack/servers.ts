import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { request } from 'undici';
import pg from 'pg';
import type { Credentials } from './homeState.ts';
import { mustRun } from './run.ts';
import type { ServerSpec } from './serverProcess.ts';

/** What the servers' commands need. */
export interface ServerSettings {
  readonly home: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly credentials: Credentials;
}

/** Search attributes every workflow may carry. */
export const searchAttributes = [
  'PlimsollModel',
  'PlimsollDataset',
  'PlimsollAccount',
  'PlimsollSession',
  'PlimsollStage',
  'PlimsollVerdict',
] as const;

/** Namespace of the local Temporal. */
export const namespace = 'plimsoll';
const host = '127.0.0.1';

/** Temporal's development server: one process with its web UI, its state in a file. */
export function temporalServer(binary: string, { home, ports }: ServerSettings): ServerSpec {
  const address = `${host}:${ports.temporal}`;
  const attributes = searchAttributes.flatMap((name) => ['--search-attribute', `${name}=Keyword`]);
  return {
    name: 'temporal',
    command: binary,
    args: [
      ...['server', 'start-dev', '--ip', host, '--port', String(ports.temporal), '--ui-port', String(ports.temporalUi)],
      ...['--metrics-port', String(ports.temporalMetrics), '--db-filename', path.join(home, 'temporal.db')],
      ...['--namespace', namespace, '--log-level', 'warn', ...attributes],
    ],
    stopSignal: 'SIGTERM',
    startTimeoutMs: 60_000,
    async isHealthy() {
      const { status } = await mustRunQuietly(binary, ['operator', 'cluster', 'health', '--address', address]);
      return status && (await answers(`http://${host}:${ports.temporalUi}/`));
    },
  };
}

/** PostgreSQL with checksums and a password; its data in the home. */
export async function postgresServer(bin: string, { home, ports, credentials }: ServerSettings): Promise<ServerSpec> {
  const data = path.join(home, 'postgres');
  const base: Pick<ServerSpec, 'refusesRoot' | 'stopSignal'> = { refusesRoot: true, stopSignal: 'SIGINT' };
  if (!existsSync(path.join(data, 'initialised'))) {
    // An initialisation that was interrupted is begun again: nothing was stored in it yet.
    await rm(data, { recursive: true, force: true });
    await mkdir(home, { recursive: true });
    const password = path.join(home, '.postgres-password');
    await writeFile(password, `${credentials.postgresPassword}\n`, { mode: 0o600 });
    const initdb = [
      path.join(bin, 'initdb'),
      '-D',
      data,
      '-U',
      'postgres',
      `--pwfile=${password}`,
      '-A',
      'scram-sha-256',
    ];
    const demote = process.getuid?.() === 0 ? ['unshare', '-U', '--map-user=1000', '--map-group=1000'] : [];
    const [command = '', ...args] = [...demote, ...initdb, '--encoding=UTF8', '--locale=C.UTF-8', '--data-checksums'];
    await mustRun(command, args);
    await rm(password);
    await writeFile(path.join(data, 'initialised'), '');
  }
  return {
    ...base,
    name: 'postgres',
    command: path.join(bin, 'postgres'),
    args: ['-D', data, '-h', host, '-p', String(ports.postgres), '-k', '', '-c', 'max_connections=200'],
    startTimeoutMs: 60_000,
    isHealthy: () => connects(postgresUrl('postgres', { ports, credentials })),
  };
}

/** Address of a database of our PostgreSQL, with credentials. */
export function postgresUrl(
  database: string,
  { ports, credentials }: Pick<ServerSettings, 'ports' | 'credentials'>,
): string {
  return `postgresql://postgres:${credentials.postgresPassword}@${host}:${ports.postgres}/${database}`;
}

/** The object store. */
export function minioServer(binary: string, { home, ports, credentials }: ServerSettings): ServerSpec {
  const listen = ['--address', `${host}:${ports.s3}`, '--console-address', `${host}:${ports.s3Console}`];
  return {
    name: 'minio',
    command: binary,
    args: ['server', '--quiet', path.join(home, 'objects'), ...listen],
    env: {
      ...process.env,
      MINIO_ROOT_USER: credentials.s3AccessKey,
      MINIO_ROOT_PASSWORD: credentials.s3SecretKey,
      MINIO_UPDATE: 'off',
    },
    stopSignal: 'SIGTERM',
    startTimeoutMs: 60_000,
    isHealthy: () => answers(`http://${host}:${ports.s3}/minio/health/ready`),
  };
}

/** MLflow's tracking server and registry on our PostgreSQL and object store, without its command's parent process. */
export function mlflowServer(python: string, settings: ServerSettings): ServerSpec {
  const { ports, credentials } = settings;
  const store = postgresUrl('mlflow', settings).replace('postgresql://', 'postgresql+psycopg2://');
  const own = `${host}:${ports.mlflow},localhost:${ports.mlflow}`;
  return {
    name: 'mlflow',
    command: python,
    args: [
      ...['-m', 'uvicorn', '--host', host, '--port', String(ports.mlflow), '--workers', '1', '--log-level', 'warning'],
      'mlflow.server.fastapi_app:app',
    ],
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: credentials.s3AccessKey,
      AWS_SECRET_ACCESS_KEY: credentials.s3SecretKey,
      AWS_DEFAULT_REGION: 'us-east-1',
      MLFLOW_S3_ENDPOINT_URL: `http://${host}:${ports.s3}`,
      MLFLOW_DISABLE_TELEMETRY: 'true',
      DO_NOT_TRACK: 'true',
      MLFLOW_SERVER_ALLOWED_HOSTS: own,
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
      _MLFLOW_SERVER_FILE_STORE: store,
      _MLFLOW_SERVER_REGISTRY_STORE: store,
      _MLFLOW_SERVER_ARTIFACT_ROOT: 'mlflow-artifacts:/',
      _MLFLOW_SERVER_SERVE_ARTIFACTS: 'true',
      _MLFLOW_SERVER_ARTIFACT_DESTINATION: 's3://mlflow',
      _MLFLOW_SGI_NAME: 'uvicorn',
    },
    stopSignal: 'SIGTERM',
    startTimeoutMs: 180_000,
    isHealthy: () => answers(`http://${host}:${ports.mlflow}/health`),
  };
}

/** Whether an address answers 200 within two seconds. */
export async function answers(url: string): Promise<boolean> {
  const { statusCode, body } = await request(url, { headersTimeout: 2_000, bodyTimeout: 2_000 });
  await body.dump();
  return statusCode === 200;
}

async function connects(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function mustRunQuietly(binary: string, args: readonly string[]): Promise<{ readonly status: boolean }> {
  return mustRun(binary, args).then(
    () => ({ status: true }),
    () => ({ status: false }),
  );
}
