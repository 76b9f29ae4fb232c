import { readAddresses } from './addresses.ts';
import { isAnswering } from './health.ts';
import { isAlive } from './processIdentity.ts';
import { treeMemoryBytes } from './processTree.ts';
import { readServerRecords, type ServerRecord, type ServerState } from './serverRecord.ts';
import { stackKeeper } from './verbsUpDown.ts';

/** The stack of a home as it stands now. */
export interface StackStatus {
  readonly home: string;
  /** Process that keeps the servers running; absent when nothing runs or the keeper was killed. */
  readonly keeperPid?: number;
  readonly servers: readonly ServerStanding[];
}

/** One kept program as it stands now. */
export interface ServerStanding {
  readonly name: string;
  /** `gone` is recorded but runs no more; `silent` runs but does not answer. */
  readonly state: ServerState | 'gone' | 'silent';
  readonly pid: number;
  /** Where it listens; absent for programs beside the servers. */
  readonly address?: string;
  /** Memory of it and all it started; absent where the system does not tell. */
  readonly memoryBytes?: number;
  /** Since when it is in its recorded state, milliseconds since 1970. */
  readonly sinceMs: number;
  readonly restarts: number;
}

/** Asks every recorded server of a home how it is. A home in which nothing runs has no servers. */
export async function status(home: string): Promise<StackStatus> {
  const keeper = await stackKeeper(home);
  const servers = await Promise.all(readServerRecords(home).map((record) => standing(home, record)));
  return { home, servers, ...(keeper && { keeperPid: keeper.pid }) };
}

/** States in which no process is there, and it is known. */
const wordsOfAbsence: ReadonlySet<ServerState> = new Set(['restarting', 'failed']);

async function standing(home: string, record: ServerRecord): Promise<ServerStanding> {
  const { name, pid, sinceMs, restarts } = record;
  const known = { name, pid, sinceMs, restarts };
  if (!isAlive(record)) return { ...known, state: wordsOfAbsence.has(record.state) ? record.state : 'gone' };
  const addresses = await readAddresses(home).catch(() => undefined);
  const isSilent = record.state === 'healthy' && addresses && (await isAnswering(name, addresses)) === false;
  const memoryBytes = treeMemoryBytes(pid);
  const address = addresses && publicAddress(name, addresses);
  return {
    ...known,
    state: isSilent ? 'silent' : record.state,
    ...(memoryBytes !== undefined && { memoryBytes }),
    ...(address !== undefined && { address }),
  };
}

/** Where a server listens, without credentials. */
function publicAddress(name: string, addresses: Awaited<ReturnType<typeof readAddresses>>): string | undefined {
  const places: Readonly<Record<string, () => string>> = {
    temporal: () => addresses.temporal.address,
    postgres: () => new URL(addresses.postgres.url).host,
    seaweedfs: () => new URL(addresses.objects.endpoint).host,
    minio: () => new URL(addresses.objects.endpoint).host,
    mlflow: () => new URL(addresses.mlflow.url).host,
  };
  return places[name]?.();
}
