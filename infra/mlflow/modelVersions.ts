import type { ModelRegistry, ModelVersion } from '#activities/ports/modelRegistry.ts';
import { digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';
import { MlflowRefusal } from './mlflowHttp.ts';
import type { MlflowHttp } from './mlflowHttp.ts';
import { filterText, tagList } from './mlflowLimits.ts';
import type { KeyText } from './mlflowLimits.ts';

/** Tag of a version that holds the digest of its artifact. */
const artifactDigestTag = 'plimsoll.artifactDigest';
const trialsTag = 'plimsoll.trials';

const api = '/api/2.0/mlflow';

/** Versions and aliases of models. Versions without our digest tag are not ours and stay unseen. */
export function createModelVersions(
  http: MlflowHttp,
): Pick<ModelRegistry, 'ensureVersion' | 'versions' | 'aliased' | 'setAlias'> {
  return {
    ensureVersion: (request) => ensureVersion(http, request),

    versions: (model) => searchVersions(http, `name = ${filterText(model)}`),

    async aliased(model, alias) {
      try {
        const { model_version: version } = await http.call<{ model_version: VersionAnswer }>({
          method: 'GET',
          path: `${api}/registered-models/alias`,
          query: { name: model, alias },
          kind: 'idempotent',
        });
        const aliased = versionOf(version);
        if (aliased) return aliased;
      } catch (error) {
        if (saysAbsent(error)) return undefined;
        throw error;
      }
      throw new Failure('REGISTRY_CONFLICT', `${alias} of ${model} is a version without an artifact digest`, {
        model,
        alias,
      });
    },

    async setAlias(model, alias, version) {
      await http.call({
        method: 'POST',
        path: `${api}/registered-models/alias`,
        json: { name: model, alias, version },
        kind: 'idempotent',
      });
    },
  };
}

type VersionRequest = Parameters<ModelRegistry['ensureVersion']>[0];

// Version numbers only grow and are unique, so of several versions of one digest the lowest was there first, and
// whoever made a later one sees it.
async function ensureVersion(http: MlflowHttp, request: VersionRequest): Promise<ModelVersion> {
  const { model, artifactDigest } = request;
  const filter = `name = ${filterText(model)} AND tags.\`${artifactDigestTag}\` = ${filterText(artifactDigest)}`;
  const [standing] = await searchVersions(http, filter);
  if (standing) return standing;
  await ensureModel(http, model);
  await http.call({
    method: 'POST',
    path: `${api}/model-versions/create`,
    json: {
      name: model,
      source: request.source,
      run_id: request.runId,
      tags: tagList({ ...request.tags, [artifactDigestTag]: artifactDigest }),
    },
    kind: 'create',
  });
  const [first, ...later] = await searchVersions(http, filter);
  if (!first) {
    throw new Failure('REGISTRY_CONFLICT', `the version of ${model} just made is gone`, { model, artifactDigest });
  }
  for (const { version } of later) await deleteVersion(http, model, version);
  return first;
}

async function deleteVersion(http: MlflowHttp, model: string, version: string): Promise<void> {
  try {
    await http.call({
      method: 'DELETE',
      path: `${api}/model-versions/delete`,
      json: { name: model, version },
      kind: 'idempotent',
    });
  } catch (error) {
    // Whoever made it deleted it meanwhile.
    if (!saysAbsent(error)) throw error;
  }
}

async function ensureModel(http: MlflowHttp, name: string): Promise<void> {
  try {
    await http.call({ method: 'POST', path: `${api}/registered-models/create`, json: { name }, kind: 'create' });
  } catch (error) {
    if (!(error instanceof MlflowRefusal) || error.errorCode !== 'RESOURCE_ALREADY_EXISTS') throw error;
  }
}

/** Versions a filter finds, lowest first. */
async function searchVersions(http: MlflowHttp, filter: string): Promise<readonly ModelVersion[]> {
  const found: ModelVersion[] = [];
  let pageToken = '';
  do {
    const page = await http.call<{ model_versions?: readonly VersionAnswer[]; next_page_token?: string }>({
      method: 'GET',
      path: `${api}/model-versions/search`,
      query: { filter, max_results: '1000', ...(pageToken !== '' && { page_token: pageToken }) },
      kind: 'idempotent',
    });
    found.push(...(page.model_versions ?? []).flatMap((version) => versionOf(version) ?? []));
    pageToken = page.next_page_token ?? '';
  } while (pageToken !== '');
  return found.sort((a, b) => Number(a.version) - Number(b.version));
}

interface VersionAnswer {
  readonly name: string;
  readonly version: string;
  readonly run_id?: string;
  readonly tags?: readonly KeyText[];
}

function versionOf({ name, version, run_id: runId = '', tags = [] }: VersionAnswer): ModelVersion | undefined {
  const tagged = tags.find(({ key }) => key === artifactDigestTag)?.value;
  if (tagged === undefined) return undefined;
  const trials = Number(tags.find(({ key }) => key === trialsTag)?.value);
  const searched = Number.isSafeInteger(trials) && trials >= 1;
  return { model: name, version, runId, artifactDigest: digest(tagged), ...(searched && { trials }) };
}

// A missing alias is answered with INVALID_PARAMETER_VALUE, a missing model or version with RESOURCE_DOES_NOT_EXIST.
function saysAbsent(error: unknown): boolean {
  if (!(error instanceof MlflowRefusal)) return false;
  return (
    error.errorCode === 'RESOURCE_DOES_NOT_EXIST' ||
    (error.errorCode === 'INVALID_PARAMETER_VALUE' && /alias .* not found/i.test(error.reason))
  );
}
