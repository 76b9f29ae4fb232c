import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What an installation keeps of itself: its ports and the credentials it made. */
export interface HomeState {
  readonly ports: Readonly<Record<string, number>>;
  readonly credentials: Credentials;
}

/** Credentials made once for an installation; never defaults. */
export interface Credentials {
  readonly postgresPassword: string;
  readonly s3AccessKey: string;
  readonly s3SecretKey: string;
}

/** File of a home that holds its state; a folder without it is no home. */
export function homeStateFile(home: string): string {
  return path.join(home, 'installation.json');
}

/** The state of a home; a new installation gets fresh credentials, the same for all who ask at once. */
export async function readHomeState(home: string): Promise<HomeState> {
  await mkdir(home, { recursive: true });
  await chmod(home, 0o700);
  const text = await readFile(homeStateFile(home), 'utf8').catch(() => undefined);
  if (text !== undefined) return JSON.parse(text) as HomeState;
  const secret = (): string => randomBytes(24).toString('base64url');
  const credentials = { postgresPassword: secret(), s3AccessKey: secret(), s3SecretKey: secret() };
  // Of several first readers one's credentials stand, and all of them read those.
  await withPart(homeStateFile(home), { ports: {}, credentials }, link).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
  return JSON.parse(await readFile(homeStateFile(home), 'utf8')) as HomeState;
}

/** Writes the state, whole or not at all. */
export async function writeHomeState(home: string, state: HomeState): Promise<void> {
  await writePrivate(homeStateFile(home), state);
}

/** Writes JSON that only its owner may read, whole or not at all; of several writers at once one is the last. */
export async function writePrivate(file: string, value: unknown): Promise<void> {
  await withPart(file, value, rename);
}

/** Brings a whole file to its place. Its part has a name of its own: another writer must not take it away. */
async function withPart(
  file: string,
  value: unknown,
  place: (part: string, file: string) => Promise<void>,
): Promise<void> {
  const part = `${file}.${randomUUID()}.part`;
  try {
    await writeFile(part, JSON.stringify(value, undefined, 2), { mode: 0o600 });
    await place(part, file);
  } finally {
    await rm(part, { force: true });
  }
}
