import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '#domain/failure.ts';
import { addressesFile, type StackAddresses } from './addresses.ts';
import type { Progress } from './cache.ts';
import { lockHolder, tryLock } from './fileLock.ts';
import { checkGivenServers, type GivenServers } from './givenServers.ts';
import { readHomeState, writeHomeState, writePrivate } from './homeState.ts';
import { chooseObjectServer } from './objectServer.ts';
import { stackAddresses } from './ownAddresses.ts';
import { choosePorts } from './ports.ts';
import { seaweedfsPorts } from './seaweedfsServer.ts';
import { ServerProcess, type ServerSpec, type ServerStatus } from './serverProcess.ts';
import { stopLeftovers } from './serverRecord.ts';
import { stackServices, startServers, type StackService } from './startServers.ts';

/** How to start a stack. */
export interface StackRequest {
  /** Folder of its state, `.plimsoll` by default; one stack a folder. */
  readonly home: string;
  readonly cache: string;
  readonly progress: Progress;
  /** Default: all. */
  readonly services?: readonly StackService[];
  /** Fixed ports by name; 0 or absent: a free one. */
  readonly ports?: Readonly<Record<string, number>>;
  /** Servers that run already and are used as they are. */
  readonly given?: GivenServers;
  /** Gives up a start that is under way; what it started is stopped. */
  readonly signal?: AbortSignal;
}

/** A stack that runs in this process's keeping. */
export interface RunningStack {
  readonly addresses: StackAddresses;
  status(): readonly ServerStatus[];
  /** Rejects with SERVER_GIVEN_UP when a kept program does not stay however often it is started; else never settles. */
  readonly givenUp: Promise<never>;
  /** Keeps one more program beside the servers, stopped before them. */
  keep(spec: ServerSpec): Promise<void>;
  /** Stops everything in reverse order and lets the home go. */
  stop(): Promise<void>;
}

const usualPorts = ['temporal', 'temporalUi', 'temporalMetrics', 'postgres', 's3', 's3Console', 'mlflow'];

/** The lock whose holder keeps the stack of a home. */
export function stackLock(home: string): string {
  return path.join(home, 'stack.lock');
}

/**
 * Starts the servers of a home and keeps them running until stopped. What an earlier, killed keeper left is stopped
 * first. When this throws, nothing it started runs on.
 * @throws Failure STACK_IN_USE when another process keeps this home, SERVER_UNREACHABLE when a given server does not
 * answer, PORT_TAKEN, SERVER_NOT_STARTED, and what the provisioners throw
 */
export async function startStack(request: StackRequest): Promise<RunningStack> {
  const { home, progress, given = {} } = request;
  const services = (request.services ?? stackServices).filter((service) => !isGiven(service, given));
  const state = await readHomeState(home);
  await takeHome(home);
  const kept: ServerProcess[] = [];
  let giveUp: (failure: Failure) => void = () => undefined;
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  givenUp.catch(() => undefined); // whoever waits for it is told; a supervisor keeps the others running
  const stop = async (): Promise<void> => {
    for (const server of kept.toReversed()) await server.stop();
    await rm(addressesFile(home), { force: true });
    await rm(stackLock(home), { force: true });
  };
  const keep = async (spec: ServerSpec): Promise<void> => {
    request.signal?.throwIfAborted();
    progress(spec.name, 'starting');
    const server = new ServerProcess(spec, home, giveUp);
    kept.push(server);
    await server.start();
    progress(spec.name, 'running');
  };
  try {
    // Before ports are chosen: a leftover may still hold the one that was used last time.
    await stopLeftovers(home);
    await checkGivenServers(given);
    const objectServer = await chooseObjectServer({ home, cache: request.cache });
    const portNames = [...usualPorts, ...(objectServer === 'seaweedfs' ? seaweedfsPorts : [])];
    const chosen = await choosePorts(portNames, { configured: request.ports ?? {}, last: state.ports });
    // Ports of programs that others keep beside the servers stay remembered.
    const ports = { ...state.ports, ...chosen };
    await writeHomeState(home, { ...state, ports });
    const { credentials } = state;
    const addresses = stackAddresses({ ports, credentials, given, objectServer });
    const settings = { home, ports, credentials, addresses };
    const started = startServers(services, { settings, keep, cache: request.cache, progress, objectServer });
    await Promise.race([started, rejectedBy(request.signal)]);
    await writePrivate(addressesFile(home), addresses);
    return { addresses, keep, stop, givenUp, status: () => kept.map((server) => server.status()) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A promise that ends only when a signal aborts; without a signal it never does. */
function rejectedBy(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function isGiven(service: StackService, given: GivenServers): boolean {
  return {
    temporal: given.temporal !== undefined,
    postgres: given.postgresUrl !== undefined,
    minio: given.objects !== undefined,
    mlflow: given.mlflowUrl !== undefined,
  }[service];
}

async function takeHome(home: string): Promise<void> {
  const lock = stackLock(home);
  // The first try removes the lock of a keeper that died; the second takes it.
  if ((await tryLock(lock)) || (await tryLock(lock))) return;
  const holder = await lockHolder(lock);
  const message = `process ${holder?.pid ?? 'unknown'} keeps the stack of ${home}: stop it with npx plimsoll down`;
  throw new Failure('STACK_IN_USE', message, { home });
}
