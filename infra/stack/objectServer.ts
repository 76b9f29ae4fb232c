import { existsSync } from 'node:fs';
import path from 'node:path';
import { findGo, hasMinio } from './minio.ts';
import { hasSeaweedfs } from './seaweedfs.ts';

/** Servers that can keep the objects of a home. */
export type ObjectServer = 'minio' | 'seaweedfs';

/** Folder of a home that holds the objects, in the server's own form. */
export function objectsFolder(home: string, server: ObjectServer): string {
  return path.join(home, server === 'minio' ? 'objects' : 'seaweedfs');
}

/**
 * Which server keeps the objects of a home: the one that wrote what is there, as none reads another's folder; for a new
 * home MinIO where it is at hand or can be built, else SeaweedFS. Where neither is, MinIO, whose provisioner then says
 * what is missing.
 */
export async function chooseObjectServer(request: {
  /** Absent: no objects are kept yet. */
  readonly home?: string;
  readonly cache: string;
  readonly environment?: NodeJS.ProcessEnv;
}): Promise<ObjectServer> {
  const { home, cache, environment = process.env } = request;
  const writer = (['minio', 'seaweedfs'] as const).find(
    (server) => home !== undefined && existsSync(objectsFolder(home, server)),
  );
  if (writer) return writer;
  const canBuild = (): Promise<boolean> =>
    findGo(environment).then(
      () => true,
      () => false,
    );
  return hasMinio(cache, environment) || !hasSeaweedfs() || (await canBuild()) ? 'minio' : 'seaweedfs';
}
