import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { sha256 } from '#domain/sha256.ts';
import { answers, responds } from './health.ts';
import { writePrivate } from './homeState.ts';
import { objectsFolder } from './objectServer.ts';
import type { ServerSpec } from './serverProcess.ts';
import type { ServerSettings } from './servers.ts';

const host = '127.0.0.1';
/** The parts of SeaweedFS, each with a port of its own and one for gRPC beside it. */
const parts = ['master', 'volume', 'filer'] as const;

/** Names of the ports it listens on beside that of S3. */
export const seaweedfsPorts = [...parts, 's3']
  .flatMap((part) => [part, `${part}.grpc`])
  .filter((part) => part !== 's3')
  .map((part) => `seaweedfs.${part}`);

/**
 * SeaweedFS as the object store, where MinIO cannot be built: all its parts in one process. Its own pages and its HTTP
 * ports answer only with a key that nobody is given: objects are reached through S3 with our credentials. Its gRPC
 * ports, on loopback, ask for nothing.
 */
export async function seaweedfsServer(binary: string, settings: ServerSettings): Promise<ServerSpec> {
  const { home, ports, credentials, addresses } = settings;
  const folder = objectsFolder(home, 'seaweedfs');
  await mkdir(folder, { recursive: true });
  const identities = path.join(folder, 'identities.json');
  const { s3AccessKey: accessKey, s3SecretKey: secretKey } = credentials;
  const actions = ['Admin', 'Read', 'List', 'Tagging', 'Write'];
  await writePrivate(identities, {
    identities: [{ name: 'plimsoll', credentials: [{ accessKey, secretKey }], actions }],
  });
  const listening = parts.flatMap((part) => [
    `-${part}.port=${ports[`seaweedfs.${part}`]}`,
    `-${part}.port.grpc=${ports[`seaweedfs.${part}.grpc`]}`,
  ]);
  const s3 = ['-s3', `-s3.port=${ports.s3}`, `-s3.port.grpc=${ports['seaweedfs.s3.grpc']}`, `-s3.config=${identities}`];
  // Parts we do not use, and the ten seconds a volume server waits for others before it stops.
  const less = ['-s3.iam=false', '-s3.port.iceberg=0', '-s3.port.lance=0', '-volume.preStopSeconds=0'];
  const place = [`-dir=${folder}`, `-ip=${host}`, `-ip.bind=${host}`, '-volume.max=500', '-master.telemetry=false'];
  return {
    name: 'seaweedfs',
    command: binary,
    args: ['server', ...place, ...listening, '-filer', ...s3, ...less],
    env: { ...process.env, ...keysOfItsParts(secretKey) },
    stopSignal: 'SIGTERM',
    startTimeoutMs: 90_000,
    isHealthy: () => answers(`${addresses.objects.endpoint}/healthz`),
    isResponsive: () => responds(`${addresses.objects.endpoint}/healthz`),
  };
}

/** Keys by which its parts know each other; made of our secret, so that they stay the same over restarts. */
function keysOfItsParts(secret: string): NodeJS.ProcessEnv {
  const names = ['SIGNING', 'SIGNING_READ', 'FILER_SIGNING', 'FILER_SIGNING_READ'];
  return Object.fromEntries(
    names.map((name) => [`WEED_JWT_${name}_KEY`, sha256(new TextEncoder().encode(`${name} ${secret}`))]),
  );
}
