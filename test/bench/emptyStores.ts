import { Client as ObjectClient } from 'minio';
import { Client as PostgresClient } from 'pg';
import type { StackAddresses } from '#infra/stack/addresses.ts';

/** Forgets everything that is kept by content, so that the next pass computes all of it again. */
export async function emptyStores({ postgres, objects }: StackAddresses): Promise<void> {
  const { protocol, hostname, port } = new URL(objects.endpoint);
  const store = new ObjectClient({
    endPoint: hostname,
    port: Number(port),
    useSSL: protocol === 'https:',
    region: objects.region,
    accessKey: objects.accessKey,
    secretKey: objects.secretKey,
  });
  const keys: string[] = [];
  for await (const item of store.listObjectsV2(objects.bucket, '', true)) keys.push((item as { name: string }).name);
  await store.removeObjects(objects.bucket, keys);
  const database = new PostgresClient({ connectionString: postgres.url });
  await database.connect();
  try {
    await database.query('TRUNCATE snapshots, dataset_heads, feature_sets, artifacts, validations CASCADE');
  } finally {
    await database.end();
  }
}
