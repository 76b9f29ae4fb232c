import { existsSync } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '#domain/failure.ts';
import type { Demotion } from './demotion.ts';
import { flags, mustRun } from './run.ts';

/**
 * PostgreSQL's data folder of a home, initialised on first use and given to the user who will run it: a folder that
 * was begun in another way is opened all the same.
 * @throws Failure POSTGRES_DATA_FOREIGN when it is another user's and we may not change that
 */
export async function postgresData(request: {
  readonly bin: string;
  readonly home: string;
  readonly password: string;
  readonly demotion: Demotion | undefined;
}): Promise<string> {
  const { home, demotion } = request;
  const data = path.join(home, 'postgres');
  if (existsSync(path.join(data, 'initialised'))) await claim(data, demotion);
  else await initialise(data, request);
  return data;
}

async function initialise(
  data: string,
  { bin, home, password, demotion }: Parameters<typeof postgresData>[0],
): Promise<void> {
  // An initialisation that was interrupted is begun again: nothing was stored in it yet.
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { recursive: true, mode: 0o700 });
  await claim(data, demotion);
  const passwordFile = path.join(home, '.postgres-password');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  const authentication = flags({ '-U': 'postgres', '-A': 'scram-sha-256', '--pwfile': passwordFile });
  const format = ['--encoding=UTF8', '--locale=C.UTF-8', '--data-checksums'];
  const initdb = [path.join(bin, 'initdb'), '-D', data, ...authentication, ...format];
  const [command = '', ...args] = [...(demotion?.prefix ?? []), ...initdb];
  try {
    await mustRun(command, args);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await writeFile(path.join(data, 'initialised'), '');
}

/** PostgreSQL opens its folder only as its owner. */
async function claim(data: string, demotion: Demotion | undefined): Promise<void> {
  const { uid } = await stat(data);
  const userId = process.getuid?.() ?? uid;
  const wanted = demotion?.owner ?? userId;
  if (uid === wanted) return;
  if (userId !== 0) {
    const message = `${data} belongs to user ${uid}, and we are ${userId}: start as that user, or give it to us with chown -R`;
    throw new Failure('POSTGRES_DATA_FOREIGN', message, { folder: data, owner: uid });
  }
  await mustRun('chown', ['-R', `${wanted}:${wanted}`, data]);
}
