import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'minio';
import type { ObjectStore } from '#activities/ports/objectStore.ts';
import { isFailure } from '#domain/failure.ts';
import { objectStoreFailure } from './objectStoreErrors.ts';
import { impatientTransport } from './impatientTransport.ts';
import { tracedObjectStore } from './objectTrace.ts';

/** An S3 service, a bucket of it and how long to wait for it. */
export interface ObjectStoreOptions {
  /** `http://host:port` or `https://host`. */
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly bucket: string;
  /** Region the service signs for; `us-east-1` when absent. */
  readonly region?: string;
  /** Longest silence on a connection; 15 seconds when absent. */
  readonly silenceTimeoutMs?: number;
}

const attemptsMax = 3;
const retryWaitMs = 200;

/**
 * Opens a bucket, making it when there is none. Every call is idempotent and repeated when the service does not answer.
 * @throws Failure OBJECT_STORE_UNREACHABLE or OBJECT_STORE_REFUSED; so does every call
 */
export async function openObjectStore(options: ObjectStoreOptions): Promise<ObjectStore> {
  const { bucket, region = 'us-east-1' } = options;
  const client = clientOf(options, region);
  await repeated(bucket, () => ensureBucket(client, bucket, region));
  const store: ObjectStore = {
    async put(key, bytes, contentType) {
      const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      await repeated(key, () => client.putObject(bucket, key, body, body.length, { 'Content-Type': contentType }));
    },

    get: (key) => repeated(key, () => download(client, bucket, key)),

    exists: (key) =>
      repeated(key, () =>
        client.statObject(bucket, key).then(
          () => true,
          (error: unknown) => {
            if (isMissing(error)) return false;
            throw error;
          },
        ),
      ),

    list: (prefix) => repeated(prefix, () => listKeys(client, bucket, prefix)),

    uri: (key) => `s3://${bucket}/${key}`,
  };
  return tracedObjectStore(store, bucket);
}

function clientOf(
  { endpoint, accessKey, secretKey, silenceTimeoutMs = 15_000 }: ObjectStoreOptions,
  region: string,
): Client {
  const url = new URL(endpoint);
  const secure = url.protocol === 'https:';
  return new Client({
    endPoint: url.hostname,
    port: Number(url.port) || (secure ? 443 : 80),
    useSSL: secure,
    accessKey,
    secretKey,
    region,
    // The path form of addresses needs no name per bucket; every S3 service takes it.
    pathStyle: true,
    transport: impatientTransport({ secure, silenceTimeoutMs }),
    // The client's own retries print to the console and pass over broken connections; ours are below.
    retryOptions: { disableRetry: true },
  });
}

async function ensureBucket(client: Client, bucket: string, region: string): Promise<void> {
  if (await client.bucketExists(bucket)) return;
  try {
    await client.makeBucket(bucket, region);
  } catch (error) {
    // Two processes may start at the same moment.
    if (!(await client.bucketExists(bucket))) throw error;
  }
}

async function download(client: Client, bucket: string, key: string): Promise<Uint8Array> {
  const stream = await client.getObject(bucket, key);
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

async function listKeys(client: Client, bucket: string, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const item of client.listObjectsV2(bucket, prefix, true)) {
    const { name } = item as { readonly name?: string };
    if (name !== undefined) keys.push(name);
  }
  return keys.sort();
}

function isMissing(error: unknown): boolean {
  const failure = objectStoreFailure(error, '');
  return isFailure(failure) && failure.code === 'OBJECT_MISSING';
}

async function repeated<Answer>(subject: string, call: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const failure = objectStoreFailure(error, subject);
      const repeatable = isFailure(failure) && failure.code === 'OBJECT_STORE_UNREACHABLE';
      if (!repeatable || attempt >= attemptsMax) throw failure;
      await delay(retryWaitMs * 2 ** (attempt - 1));
    }
  }
}
