import path from 'node:path';
import type { StackAddresses } from './addresses.ts';
import { demotions, findDemotion, type Demotion } from './demotion.ts';
import { answers, connects, postgresResponds, responds } from './health.ts';
import type { Credentials } from './homeState.ts';
import { objectsFolder } from './objectServer.ts';
import { databaseUrl } from './ownAddresses.ts';
import { postgresData } from './postgresData.ts';
import { flags, run } from './run.ts';
import type { ServerSpec } from './serverProcess.ts';

/** What the servers' commands need. */
export interface ServerSettings {
  readonly home: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly credentials: Credentials;
  readonly addresses: StackAddresses;
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

const host = '127.0.0.1';

/** Temporal's development server: one process with its web UI, its state in a file. */
export function temporalServer(binary: string, { home, ports, addresses }: ServerSettings): ServerSpec {
  const { address, namespace, uiUrl } = addresses.temporal;
  const options = flags({
    '--ip': host,
    '--port': ports.temporal ?? 0,
    '--ui-port': ports.temporalUi ?? 0,
    '--metrics-port': ports.temporalMetrics ?? 0,
    '--db-filename': path.join(home, 'temporal.db'),
    '--namespace': namespace,
    '--log-level': 'warn',
    '--search-attribute': searchAttributes.map((name) => `${name}=Keyword`),
  });
  return {
    name: 'temporal',
    command: binary,
    args: ['server', 'start-dev', ...options],
    stopSignal: 'SIGTERM',
    startTimeoutMs: 60_000,
    async isHealthy() {
      const { status } = await run(binary, ['operator', 'cluster', 'health', '--address', address]);
      return status === 0 && (await answers(uiUrl));
    },
    // Its pages ask the frontend: both must be there.
    isResponsive: () => answers(`${uiUrl}/api/v1/cluster-info`),
  };
}

/** PostgreSQL with checksums and a password; its data in the home, initialised on first use. */
export async function postgresServer(
  bin: string,
  settings: ServerSettings,
  ways: readonly Demotion[] = demotions,
): Promise<ServerSpec> {
  const { home, ports, credentials, addresses } = settings;
  const demotion = await findDemotion(path.join(bin, 'postgres'), { ways });
  const data = await postgresData({ bin, home, password: credentials.postgresPassword, demotion });
  return {
    name: 'postgres',
    command: path.join(bin, 'postgres'),
    args: ['-D', data, '-h', host, '-p', String(ports.postgres), '-k', '', '-c', 'max_connections=200'],
    demotion,
    // Fast shutdown: sessions are ended instead of waited for.
    stopSignal: 'SIGINT',
    startTimeoutMs: 60_000,
    isHealthy: () => connects(databaseUrl(addresses.postgres.url, 'postgres')),
    isResponsive: () => postgresResponds(databaseUrl(addresses.postgres.url, 'postgres')),
  };
}

/** The object store. */
export function minioServer(binary: string, { home, ports, credentials, addresses }: ServerSettings): ServerSpec {
  const listen = ['--address', `${host}:${ports.s3}`, '--console-address', `${host}:${ports.s3Console}`];
  return {
    name: 'minio',
    command: binary,
    args: ['server', '--quiet', objectsFolder(home, 'minio'), ...listen],
    env: {
      ...process.env,
      MINIO_ROOT_USER: credentials.s3AccessKey,
      MINIO_ROOT_PASSWORD: credentials.s3SecretKey,
      MINIO_UPDATE: 'off',
    },
    stopSignal: 'SIGTERM',
    startTimeoutMs: 60_000,
    isHealthy: () => answers(`${addresses.objects.endpoint}/minio/health/ready`),
    isResponsive: () => responds(`${addresses.objects.endpoint}/minio/health/live`),
  };
}

/**
 * MLflow's tracking server and registry on the stack's PostgreSQL and object store. Its command would start a parent
 * that starts this process: it is run directly, told by the variables that the pinned version's parent would set.
 */
export function mlflowServer(python: string, { ports, addresses }: ServerSettings): ServerSpec {
  const { objects, mlflow } = addresses;
  const store = databaseUrl(addresses.postgres.url, 'mlflow').replace(/^postgres(ql)?:/, 'postgresql+psycopg2:');
  const options = flags({ '--host': host, '--port': ports.mlflow ?? 0, '--workers': 1, '--log-level': 'warning' });
  return {
    name: 'mlflow',
    command: python,
    args: ['-m', 'uvicorn', ...options, 'mlflow.server.fastapi_app:app'],
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: objects.accessKey,
      AWS_SECRET_ACCESS_KEY: objects.secretKey,
      AWS_DEFAULT_REGION: objects.region,
      MLFLOW_S3_ENDPOINT_URL: objects.endpoint,
      MLFLOW_DISABLE_TELEMETRY: 'true',
      DO_NOT_TRACK: 'true',
      MLFLOW_SERVER_ALLOWED_HOSTS: `${host}:${ports.mlflow},localhost:${ports.mlflow}`,
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
    isHealthy: () => answers(`${mlflow.url}/health`),
    isResponsive: () => responds(`${mlflow.url}/health`),
  };
}
