import { MlflowHttp, MlflowRefusal } from './mlflowHttp.ts';
import type { MlflowHttpOptions } from './mlflowHttp.ts';
import type { KeyText } from './mlflowLimits.ts';

/** A run as MLflow keeps it. */
export interface TrackedRun {
  readonly runId: string;
  readonly name: string;
  /** Name of its experiment: the model that was trained. */
  readonly experiment: string;
  /** `RUNNING`, `FINISHED`, `FAILED` or `KILLED`. */
  readonly status: string;
  /** Wall time, milliseconds since 1970 UTC. */
  readonly startedAtMs: number;
  /** Absent while it runs. */
  readonly endedAtMs?: number;
  /** What was asked for; our own bookkeeping is left out. */
  readonly params: Readonly<Record<string, string>>;
  /** The last value of each metric; null where it is no number. */
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Page of the run in MLflow. */
  readonly url: string;
}

/** Runs for people to look at; nothing is written. */
export interface TrackedRuns {
  /** Runs of all experiments, newest first, at most `countMax`. @throws Failure REGISTRY_UNREACHABLE, REGISTRY_REFUSED */
  newest(countMax: number): Promise<readonly TrackedRun[]>;
  /** The runs of these ids, in that order; one that MLflow does not know is left out. @throws as `newest` */
  find(runIds: readonly string[]): Promise<readonly TrackedRun[]>;
  close(): Promise<void>;
}

const api = '/api/2.0/mlflow';
const experimentsMax = 1_000;
/** Parameters and tags so named are how we and MLflow keep runs apart, not what they are about. */
const bookkeeping = /^(plimsoll|mlflow)\./;

/** Runs over MLflow's REST interface, version 3.17. */
export function createTrackedRuns(options: MlflowHttpOptions): TrackedRuns {
  const http = new MlflowHttp(options);
  return {
    async newest(countMax) {
      const names = await experimentNames(http);
      if (names.size === 0) return [];
      const json = {
        experiment_ids: [...names.keys()],
        run_view_type: 'ACTIVE_ONLY',
        max_results: countMax,
        order_by: ['attributes.start_time DESC'],
      };
      const path = `${api}/runs/search`;
      const { runs = [] } = await http.call<{ runs?: readonly RunAnswer[] }>({
        method: 'POST',
        path,
        json,
        kind: 'idempotent',
      });
      return runs.map((run) => runOf(run, { names, url: http.url }));
    },

    async find(runIds) {
      if (runIds.length === 0) return [];
      const names = await experimentNames(http);
      const found = await Promise.all(runIds.map((runId) => getRun(http, runId)));
      return found.flatMap((run) => (run ? [runOf(run, { names, url: http.url })] : []));
    },

    close: () => http.close(),
  };
}

async function experimentNames(http: MlflowHttp): Promise<ReadonlyMap<string, string>> {
  const { experiments = [] } = await http.call<{
    experiments?: readonly { readonly experiment_id: string; readonly name: string }[];
  }>({
    method: 'POST',
    path: `${api}/experiments/search`,
    json: { max_results: experimentsMax, view_type: 'ACTIVE_ONLY' },
    kind: 'idempotent',
  });
  return new Map(experiments.map(({ experiment_id: id, name }) => [id, name]));
}

async function getRun(http: MlflowHttp, runId: string): Promise<RunAnswer | undefined> {
  try {
    const query = { run_id: runId };
    const { run } = await http.call<{ run: RunAnswer }>({
      method: 'GET',
      path: `${api}/runs/get`,
      query,
      kind: 'idempotent',
    });
    return run;
  } catch (error) {
    // An id that is none is refused in other words than one that is not there.
    const absent = ['RESOURCE_DOES_NOT_EXIST', 'INVALID_PARAMETER_VALUE'];
    if (error instanceof MlflowRefusal && absent.includes(error.errorCode)) return undefined;
    throw error;
  }
}

interface RunAnswer {
  readonly info: {
    readonly run_id: string;
    readonly run_name?: string;
    readonly experiment_id: string;
    readonly status: string;
    readonly start_time: number;
    readonly end_time?: number;
  };
  readonly data?: {
    readonly params?: readonly KeyText[];
    readonly tags?: readonly KeyText[];
    // What is no finite number comes as text.
    readonly metrics?: readonly { readonly key: string; readonly value: number | string }[];
  };
}

function runOf(
  { info, data = {} }: RunAnswer,
  { names, url }: { readonly names: ReadonlyMap<string, string>; readonly url: string },
): TrackedRun {
  const { run_id: runId, experiment_id: experiment, end_time: endedAtMs } = info;
  const params = (data.params ?? []).filter(({ key }) => !bookkeeping.test(key));
  const metrics = (data.metrics ?? []).map(({ key, value }) => [
    key,
    Number.isFinite(Number(value)) ? Number(value) : null,
  ]);
  return {
    runId,
    name: info.run_name ?? runId,
    experiment: names.get(experiment) ?? experiment,
    status: info.status,
    startedAtMs: info.start_time,
    ...(endedAtMs !== undefined && endedAtMs > 0 && { endedAtMs }),
    params: Object.fromEntries(params.map(({ key, value }) => [key, value])),
    metrics: Object.fromEntries(metrics) as TrackedRun['metrics'],
    tags: Object.fromEntries((data.tags ?? []).map(({ key, value }) => [key, value])),
    url: `${url}/#/experiments/${experiment}/runs/${runId}`,
  };
}
