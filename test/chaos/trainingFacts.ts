import { readArtifact } from '#activities/modelJobs.ts';
import type { ObjectStore } from '#activities/ports/objectStore.ts';
import { digest } from '#domain/digest.ts';
import type { MlflowHttp } from '#infra/mlflow/mlflowHttp.ts';
import type { Database } from '#infra/postgres/database.ts';
import { doubled } from './counting.ts';

/** What stands of trainings in MLflow, the catalogue and the object store. */
export interface TrainingFacts {
  /** MLflow runs that are not deleted. */
  readonly runs: number;
  readonly versions: number;
  readonly artifacts: number;
  readonly violations: readonly string[];
}

/** Where trainings are written down. */
export interface TrainingStores {
  readonly database: Database;
  readonly http: MlflowHttp;
  readonly objects: ObjectStore;
}

/** Every training has one run, every artifact one version, and each of them points at the others. */
export async function readTraining({ database, http, objects }: TrainingStores): Promise<TrainingFacts> {
  const runs = await activeRuns(http);
  const versions = await allVersions(http);
  const artifacts = await database.query<ArtifactEntry>(
    `SELECT digest, training_digest AS training, mlflow_run_id AS "runId", model_version AS version FROM artifacts`,
  );
  const snapshots = await database.query<{ what: string }>(
    `SELECT concat_ws(' as of ', dataset, as_of) AS what FROM publications`,
  );
  const whole = await Promise.all(artifacts.map((artifact) => bytesOf(objects, artifact)));
  const violations = [
    ...(artifacts.length === 0 ? ['no artifact is in the catalogue'] : []),
    ...doubled(
      'snapshots of',
      snapshots.map(({ what }) => what),
    ),
    ...doubled(
      'MLflow runs of training',
      runs.flatMap(({ training }) => training ?? []),
    ),
    ...doubled(
      'versions of artifact',
      versions.flatMap(({ digest: of }) => of ?? []),
    ),
    ...doubled(
      'artifacts of training',
      artifacts.map(({ training }) => training),
    ),
    ...runs.flatMap((run) => runViolations(run, artifacts)),
    ...versions.flatMap((version) => versionViolations(version, artifacts)),
    ...artifacts.flatMap((artifact) => artifactViolations(artifact, { runs, versions })),
    ...whole.flat(),
  ];
  return { runs: runs.length, versions: versions.length, artifacts: artifacts.length, violations };
}

interface RunEntry {
  readonly runId: string;
  readonly status: string;
  readonly training: string | undefined;
}

interface VersionEntry {
  readonly version: string;
  readonly runId: string | undefined;
  readonly digest: string | undefined;
}

interface ArtifactEntry extends Record<string, unknown> {
  readonly digest: string;
  readonly training: string;
  readonly runId: string;
  readonly version: string;
}

function runViolations({ runId, status, training }: RunEntry, artifacts: readonly ArtifactEntry[]): readonly string[] {
  if (training === undefined) return [`run ${runId} belongs to no training`];
  return [
    ...(status === 'FINISHED' ? [] : [`run ${runId} was left ${status}`]),
    ...(artifacts.some((artifact) => artifact.training === training) ? [] : [`run ${runId} led to no artifact`]),
  ];
}

function versionViolations(
  { version, digest: of }: VersionEntry,
  artifacts: readonly ArtifactEntry[],
): readonly string[] {
  if (of === undefined) return [`version ${version} names no artifact`];
  return artifacts.some((artifact) => artifact.digest === of)
    ? []
    : [`version ${version} is of artifact ${of}, which is not in the catalogue`];
}

function artifactViolations(
  artifact: ArtifactEntry,
  there: { readonly runs: readonly RunEntry[]; readonly versions: readonly VersionEntry[] },
): readonly string[] {
  const run = there.runs.find(({ runId }) => runId === artifact.runId);
  const version = there.versions.find(({ digest: of }) => of === artifact.digest);
  const named = `artifact ${artifact.digest}`;
  return [
    ...(run?.training === artifact.training
      ? []
      : [`${named} names run ${artifact.runId}, which is not its training's`]),
    ...(version?.version === artifact.version ? [] : [`${named} is not version ${artifact.version} in the registry`]),
    ...(version === undefined || version.runId === artifact.runId ? [] : [`the version of ${named} names another run`]),
  ];
}

async function bytesOf(objects: ObjectStore, { digest: of }: ArtifactEntry): Promise<readonly string[]> {
  try {
    await readArtifact(objects, digest(of));
    return [];
  } catch (error) {
    return [`artifact ${of} cannot be read: ${(error as Error).message}`];
  }
}

const api = '/api/2.0/mlflow';
const pageEntries = 1_000;

interface Tag {
  readonly key: string;
  readonly value: string;
}

interface Page {
  readonly next_page_token?: string;
}

async function activeRuns(http: MlflowHttp): Promise<readonly RunEntry[]> {
  type Experiments = Page & { readonly experiments?: readonly { readonly experiment_id: string }[] };
  type Runs = Page & {
    readonly runs?: readonly {
      readonly info: { readonly run_id: string; readonly status: string };
      readonly data: { readonly tags?: readonly Tag[] };
    }[];
  };
  const search = <Answer extends Page>(below: string, json: object): Promise<readonly Answer[]> =>
    allPages((token) =>
      http.call<Answer>({
        method: 'POST',
        path: `${api}/${below}/search`,
        json: { ...json, max_results: pageEntries, ...(token !== '' && { page_token: token }) },
        kind: 'idempotent',
      }),
    );
  const experiments = (await search<Experiments>('experiments', {})).flatMap((page) => page.experiments ?? []);
  const pages = await search<Runs>('runs', {
    experiment_ids: experiments.map((experiment) => experiment.experiment_id),
    run_view_type: 'ACTIVE_ONLY',
  });
  return pages
    .flatMap((page) => page.runs ?? [])
    .map(({ info, data }) => ({
      runId: info.run_id,
      status: info.status,
      training: tagOf(data.tags, 'plimsoll.training'),
    }));
}

async function allVersions(http: MlflowHttp): Promise<readonly VersionEntry[]> {
  type Versions = Page & {
    readonly model_versions?: readonly {
      readonly version: string;
      readonly run_id?: string;
      readonly tags?: readonly Tag[];
    }[];
  };
  const pages = await allPages((token) =>
    http.call<Versions>({
      method: 'GET',
      path: `${api}/model-versions/search`,
      query: { max_results: String(pageEntries), ...(token !== '' && { page_token: token }) },
      kind: 'idempotent',
    }),
  );
  return pages
    .flatMap((page) => page.model_versions ?? [])
    .map(({ version, run_id: runId, tags }) => ({ version, runId, digest: tagOf(tags, 'plimsoll.artifactDigest') }));
}

async function allPages<Answer extends Page>(read: (token: string) => Promise<Answer>): Promise<readonly Answer[]> {
  const pages: Answer[] = [];
  let token = '';
  do {
    const page = await read(token);
    pages.push(page);
    token = page.next_page_token ?? '';
  } while (token !== '');
  return pages;
}

function tagOf(tags: readonly Tag[] | undefined, name: string): string | undefined {
  return tags?.find(({ key }) => key === name)?.value;
}
