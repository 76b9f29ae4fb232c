import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '#domain/failure.ts';
import { isComplete, provide, type Progress } from './cache.ts';
import { mustRun, run } from './run.ts';

/** The last state of the community edition, which is published as source only. */
const module = 'github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c';
const version = '20260212';
const goMinorMin = 21;

/**
 * The object store's binary: `PLIMSOLL_MINIO_BINARY`, else built once from source with low priority (minutes of CPU).
 * @throws Failure GO_MISSING when it has to be built and there is no Go
 */
export async function provideMinio(cache: string, progress: Progress, environment = process.env): Promise<string> {
  const given = environment.PLIMSOLL_MINIO_BINARY;
  if (given !== undefined) {
    await access(given, constants.X_OK);
    return given;
  }
  const folder = await provide({
    cache,
    name: 'minio',
    version,
    async fill(part) {
      await findGo(environment);
      progress('minio', 'building from source, a few minutes once');
      const env = { ...environment, GOBIN: part, CGO_ENABLED: '0' };
      await mustRun('nice', ['-n', '10', 'go', 'install', '-trimpath', '-ldflags=-s -w', module], { env });
      await access(path.join(part, 'minio'), constants.X_OK); // fails here, not at the start, when absent
    },
  });
  return path.join(folder, 'minio');
}

/** Whether the binary is at hand: named in the environment, or built earlier. */
export function hasMinio(cache: string, environment: NodeJS.ProcessEnv = process.env): boolean {
  return environment.PLIMSOLL_MINIO_BINARY !== undefined || isComplete(path.join(cache, `minio-${version}`));
}

/**
 * The version of Go on the path, e.g. `go version go1.24.1 linux/amd64`. Go 1.21 and later fetch the newer one that
 * the source asks for.
 * @throws Failure GO_MISSING when there is none, or an older one
 */
export async function findGo(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const go = await run('go', ['version'], { env: environment }).catch(() => undefined);
  const found = go?.status === 0 ? go.output.trim() : undefined;
  const minor = Number(/go1\.(\d+)/.exec(found ?? '')?.[1]);
  if (found !== undefined && minor >= goMinorMin) return found;
  throw new Failure(
    'GO_MISSING',
    `MinIO is built from source and Go ${found === undefined ? 'is not on the path' : `is too old (${found})`}: install ` +
      'Go 1.24 or later, or set PLIMSOLL_MINIO_BINARY, or name a running S3 service with PLIMSOLL_S3_ENDPOINT',
  );
}
