import path from 'node:path';
import { findDemotion } from '../demotion.ts';
import { checkGivenServers, type GivenServers } from '../givenServers.ts';
import { findGo } from '../minio.ts';
import { chooseObjectServer, type ObjectServer } from '../objectServer.ts';
import { postgresBinaries } from '../postgresBinaries.ts';
import { findPython } from '../pythonServers.ts';
import { findCompiler } from '../tensorflow.ts';
import { stackKeeper } from '../verbsUpDown.ts';
import { status } from '../verbStatus.ts';
import { cacheFindings } from './cache.ts';
import { clockFinding, newestFile, serverTime } from './clock.ts';
import { fault, findingOf, skipped, well, type Finding } from './finding.ts';
import { diskFinding, memoryFinding, nodeFinding } from './machine.ts';
import { portFindings } from './ports.ts';

const gibibyte = 1024 ** 3;
/** Room the cache takes when it is filled, with Go's modules and build cache beside it. */
const cacheBytes = 5 * gibibyte;
const homeBytes = gibibyte;
/** What servers, workers and a training take; of a running stack most is taken already. */
const memoryToStartBytes = 3 * gibibyte;
const memoryToRunBytes = 0.5 * gibibyte;

/** What the doctor looks at. */
export interface DiagnosisRequest {
  readonly home: string;
  readonly cache: string;
  /** Fixed ports by name, as configured. */
  readonly ports: Readonly<Record<string, number>>;
  readonly given: GivenServers;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Looks for the usual faults, each by its failure code: wrong Node, no Python, no compiler, no Go, disk full, out of
 * memory, clock off, broken cache, port taken, a given address that does not answer, a server that is silent.
 */
export async function diagnose(request: DiagnosisRequest): Promise<readonly Finding[]> {
  const { home, cache, environment, given } = request;
  const keeper = await stackKeeper(home);
  const cached = await cacheFindings(cache);
  const holds = (name: string): boolean =>
    cached.some(({ check, state }) => check.startsWith(`cache: ${name}-`) && state === 'well');
  const objectServer = await chooseObjectServer({ home, cache, environment });
  const isFilled = holds(objectServer) && holds('python-servers') && holds('tensorflow');
  const neededBytes = keeper ? memoryToRunBytes : memoryToStartBytes;
  return [
    nodeFinding(process.versions.node),
    await findingOf('python', async () => `${await findPython(environment)} with venv`),
    await findingOf('compiler', () => findCompiler(environment)),
    ...(holds(objectServer) || given.objects ? [] : [await goFinding(objectServer, environment)]),
    ...(given.postgresUrl === undefined ? [await findingOf('postgres programs', rootFinding)] : []),
    await diskFinding({ name: 'cache', folder: cache, neededBytes: isFilled ? 0 : cacheBytes }),
    await diskFinding({ name: 'home', folder: home, neededBytes: homeBytes }),
    memoryFinding({ availableBytes: process.availableMemory(), neededBytes }),
    await lookAtClock(request),
    ...cached,
    ...(keeper ? [] : await portFindings(request.ports)),
    await findingOf('given servers', async () => {
      await checkGivenServers(given);
      return Object.keys(given).length === 0 ? 'none is given' : `answering: ${Object.keys(given).join(', ')}`;
    }),
    ...(keeper ? await serverFindings(home) : []),
  ];
}

async function rootFinding(): Promise<string> {
  const demotion = await findDemotion(path.join(postgresBinaries(), 'postgres'));
  return demotion ? `runs although we are root, by ${demotion.name}` : 'its programs are there';
}

async function goFinding(objectServer: ObjectServer, environment: NodeJS.ProcessEnv): Promise<Finding> {
  if (objectServer === 'seaweedfs') return skipped('go', 'not there: SeaweedFS keeps the objects instead of MinIO');
  return findingOf('go', () => findGo(environment));
}

async function lookAtClock({ home, given }: DiagnosisRequest): Promise<Finding> {
  const elsewhere = [given.objects?.endpoint, given.mlflowUrl].filter((url) => url !== undefined);
  const witnesses = await Promise.all([newestFile(home), ...elsewhere.map(serverTime)]);
  const heard = witnesses.filter((witness) => witness !== undefined);
  return clockFinding(Date.now(), heard);
}

async function serverFindings(home: string): Promise<readonly Finding[]> {
  const { servers } = await status(home);
  return servers.map(({ name, state, restarts }) =>
    state === 'healthy'
      ? well(name, restarts === 0 ? 'answers' : `answers, restarted ${restarts} times`)
      : fault(
          name,
          state === 'failed' ? 'SERVER_GIVEN_UP' : 'SERVER_SILENT',
          `${name} is ${state}, restarted ${restarts} times`,
        ),
  );
}
