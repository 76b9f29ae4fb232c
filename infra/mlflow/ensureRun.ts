import { setTimeout as delay } from 'node:timers/promises';
import type { RunRequest } from '#activities/ports/modelRegistry.ts';
import { Failure } from '#domain/failure.ts';
import { MlflowRefusal } from './mlflowHttp.ts';
import type { MlflowHttp } from './mlflowHttp.ts';
import { batchEntriesMax, batches, filterText, paramList, tagList } from './mlflowLimits.ts';
import type { KeyText } from './mlflowLimits.ts';

/** Tag that holds a run's business identity. */
const idempotencyTag = 'plimsoll.idempotencyKey';

// MLflow has no compare-and-set, but a parameter of a run is written once: that is the register we agree on.
const fateParam = 'plimsoll.fate';
const roundsMax = 20;
const roundWaitMsMax = 200;
const api = '/api/2.0/mlflow';

interface Run {
  readonly runId: string;
  readonly startTimeMs: number;
  readonly params: Readonly<Record<string, string>>;
}

/**
 * The one run that carries the request's key. Each round looks for runs with the key, makes one when there is none,
 * and looks again; then every run but the oldest is discarded and the oldest kept, each by a parameter that only one
 * writer can set. Of two callers one has seen the other's run, since both looked after creating; whoever keeps a run
 * has discarded all others it saw, so two runs are never both kept. A discarded run is deleted.
 * @throws Failure REGISTRY_CONFLICT when the run with the key has other parameters
 */
export async function ensureRun(http: MlflowHttp, request: RunRequest): Promise<string> {
  const experimentId = await ensureExperiment(http, request.experiment);
  for (let round = 1; round <= roundsMax; round += 1) {
    const found = await findRuns(http, experimentId, request.idempotencyKey);
    const kept = found.find(({ params }) => params[fateParam] === 'kept');
    if (kept) {
      await discardOthers(http, found, kept);
      requireSameParams(kept, request);
      return kept.runId;
    }
    const undecided = found.filter(({ params }) => params[fateParam] === undefined);
    if (undecided.length === 0) {
      await createRun(http, experimentId, request);
      continue;
    }
    const oldest = undecided.reduce((first, run) => (isOlder(run, first) ? run : first));
    const settled =
      (await writeParams(http, oldest.runId, request)) &&
      (await discardOthers(http, found, oldest)) &&
      (await decide(http, oldest.runId, 'kept'));
    if (settled) return oldest.runId;
    // Several settle it at this moment: stepping aside at random lets one of them finish.
    await delay(Math.random() * roundWaitMsMax);
  }
  throw new Failure('REGISTRY_CONFLICT', `no agreement on the run of ${request.idempotencyKey}`, {
    idempotencyKey: request.idempotencyKey,
  });
}

/**
 * Writes the request's parameters to a run.
 * @returns whether all stand there now, whoever wrote them
 */
async function writeParams(http: MlflowHttp, runId: string, request: RunRequest): Promise<boolean> {
  try {
    for (const params of batches(paramList(request.params), batchEntriesMax.params)) {
      const json = { run_id: runId, params };
      await http.call({ method: 'POST', path: `${api}/runs/log-batch`, json, kind: 'idempotent' });
    }
    return true;
  } catch (error) {
    // Another value stands there, or somebody writes the same at this moment, or has discarded the run.
    if (!(error instanceof MlflowRefusal)) throw error;
    const run = await readRun(http, runId);
    requireSameParams(run, request);
    return Object.keys(request.params).every((name) => run.params[name] !== undefined);
  }
}

function requireSameParams({ runId, params }: Run, request: RunRequest): void {
  const { idempotencyKey } = request;
  const differing = Object.entries(request.params)
    .filter(([name, value]) => params[name] !== undefined && params[name] !== value)
    .map(([name]) => name);
  if (differing.length === 0) return;
  throw new Failure('REGISTRY_CONFLICT', `run ${runId} of ${idempotencyKey} differs in ${differing.join(', ')}`, {
    runId,
    idempotencyKey,
    differing,
  });
}

/** @returns false when one of the others was kept by somebody else */
async function discardOthers(http: MlflowHttp, runs: readonly Run[], chosen: Run): Promise<boolean> {
  for (const { runId } of runs) {
    if (runId === chosen.runId) continue;
    if (!(await decide(http, runId, 'discarded'))) return false;
    await http.call({ method: 'POST', path: `${api}/runs/delete`, json: { run_id: runId }, kind: 'idempotent' });
  }
  return true;
}

/** Writes a run's fate. @returns whether that is its fate now, whoever wrote it */
async function decide(http: MlflowHttp, runId: string, fate: 'kept' | 'discarded'): Promise<boolean> {
  const json = { run_id: runId, key: fateParam, value: fate };
  try {
    await http.call({ method: 'POST', path: `${api}/runs/log-parameter`, json, kind: 'idempotent' });
    return true;
  } catch (error) {
    // Another fate was written first, or the run is deleted already: then it is discarded.
    if (!(error instanceof MlflowRefusal)) throw error;
    return (await readRun(http, runId)).params[fateParam] === fate;
  }
}

function isOlder(a: Run, b: Run): boolean {
  return a.startTimeMs < b.startTimeMs || (a.startTimeMs === b.startTimeMs && a.runId < b.runId);
}

async function findRuns(http: MlflowHttp, experimentId: string, idempotencyKey: string): Promise<readonly Run[]> {
  const { runs = [] } = await http.call<{ runs?: readonly RunAnswer[] }>({
    method: 'POST',
    path: `${api}/runs/search`,
    json: {
      experiment_ids: [experimentId],
      filter: `tags.\`${idempotencyTag}\` = ${filterText(idempotencyKey)}`,
      run_view_type: 'ACTIVE_ONLY',
      max_results: 1_000,
    },
    kind: 'idempotent',
  });
  return runs.map(runOf);
}

async function readRun(http: MlflowHttp, runId: string): Promise<Run> {
  const { run } = await http.call<{ run: RunAnswer }>({
    method: 'GET',
    path: `${api}/runs/get`,
    query: { run_id: runId },
    kind: 'idempotent',
  });
  return runOf(run);
}

async function createRun(http: MlflowHttp, experimentId: string, request: RunRequest): Promise<void> {
  const tags = tagList({ ...request.tags, [idempotencyTag]: request.idempotencyKey });
  paramList(request.params);
  await http.call({
    method: 'POST',
    path: `${api}/runs/create`,
    json: { experiment_id: experimentId, run_name: request.name, start_time: Date.now(), tags },
    kind: 'create',
  });
}

async function ensureExperiment(http: MlflowHttp, name: string): Promise<string> {
  const found = await findExperiment(http, name);
  if (found !== undefined) return found;
  try {
    const { experiment_id: id } = await http.call<{ experiment_id: string }>({
      method: 'POST',
      path: `${api}/experiments/create`,
      json: { name },
      kind: 'create',
    });
    return id;
  } catch (error) {
    // Names are unique: somebody made it meanwhile.
    const made =
      error instanceof MlflowRefusal && error.errorCode === 'RESOURCE_ALREADY_EXISTS'
        ? await findExperiment(http, name)
        : undefined;
    if (made === undefined) throw error;
    return made;
  }
}

async function findExperiment(http: MlflowHttp, name: string): Promise<string | undefined> {
  try {
    const { experiment } = await http.call<{ experiment: { experiment_id: string } }>({
      method: 'GET',
      path: `${api}/experiments/get-by-name`,
      query: { experiment_name: name },
      kind: 'idempotent',
    });
    return experiment.experiment_id;
  } catch (error) {
    if (error instanceof MlflowRefusal && error.errorCode === 'RESOURCE_DOES_NOT_EXIST') return undefined;
    throw error;
  }
}

interface RunAnswer {
  readonly info: { readonly run_id: string; readonly start_time: number };
  readonly data?: { readonly params?: readonly KeyText[] };
}

function runOf({ info, data }: RunAnswer): Run {
  return {
    runId: info.run_id,
    startTimeMs: info.start_time,
    params: Object.fromEntries((data?.params ?? []).map(({ key, value }) => [key, value])),
  };
}
