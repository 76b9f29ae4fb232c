import { z } from 'zod';
import { digest } from '#domain/digest.ts';
import type { MlflowRegistry } from '#infra/mlflow/mlflowRegistry.ts';
import type { createApprovals } from '#infra/postgres/approvals.ts';
import type { createCatalogue } from '#infra/postgres/catalogue.ts';

/** What the bytes of a model came from and who let them trade, as PostgreSQL keeps it. */
export interface OriginView {
  readonly artifactDigest: string;
  readonly model: string;
  readonly modelVersion: string;
  readonly author: string;
  readonly trainingDigest: string;
  /** The run whose parameters are the training's specification. */
  readonly mlflowRunId: string;
  readonly snapshot: {
    readonly digest: string;
    readonly dataset: string;
    /** First and last session, YYYY-MM-DD. */
    readonly firstSession: string;
    readonly asOf: string;
    readonly symbols: readonly string[];
    readonly rows: number;
  };
  readonly features: { readonly digest: string; readonly rows: number };
  /** Named figures of its newest validation; none before the first, null where a statistic is undefined. */
  readonly figures: Readonly<Record<string, number | null>>;
  /** Absent while its bytes are not approved. */
  readonly approval?: {
    readonly gate: string;
    /** The promotion in which they signed. */
    readonly workflowId?: string;
    readonly approvers: readonly { readonly name: string; readonly reviewedAtMs: number }[];
  };
}

/** Where models come from. */
export interface Origins {
  /** Undefined for bytes that the catalogue does not know. @throws Failure DATABASE_UNREACHABLE */
  ofArtifact(artifactDigest: string): Promise<OriginView | undefined>;
  /** @throws Failure DATABASE_UNREACHABLE */
  ofVersion(model: string, modelVersion: string): Promise<OriginView | undefined>;
  /** Digest of the bytes that an alias names; undefined when it names none. @throws Failure REGISTRY_UNREACHABLE */
  aliased(model: string, alias: 'champion' | 'previous'): Promise<string | undefined>;
}

/** What origins are read from. */
export interface OriginSources {
  readonly catalogue: Pick<
    ReturnType<typeof createCatalogue>,
    'artifact' | 'artifactByVersion' | 'snapshot' | 'featureSet' | 'validation'
  >;
  readonly approvals: Pick<ReturnType<typeof createApprovals>, 'approved'>;
  readonly registry: Pick<MlflowRegistry, 'aliased'>;
}

type Artifact = NonNullable<Awaited<ReturnType<OriginSources['catalogue']['artifact']>>>;

const summarySchema = z.object({ figures: z.record(z.string(), z.number().nullable()).default({}) });

/** Origins out of the catalogue and the approvals, aliases out of the registry. */
export function createOrigins({ catalogue, approvals, registry }: OriginSources): Origins {
  const originViewOf = async (artifact: Artifact | undefined): Promise<OriginView | undefined> => {
    if (!artifact) return undefined;
    const [snapshot, features, validation, approval] = await Promise.all([
      catalogue.snapshot(artifact.snapshotDigest),
      catalogue.featureSet(artifact.featureDigest),
      catalogue.validation(artifact.digest),
      approvals.approved(artifact.digest),
    ]);
    // Foreign keys hold both rows as long as the artifact's.
    const { manifestKey: _, ...data } = snapshot!;
    const approvers = approval?.reviews.filter(({ statement }) => statement.verdict === 'approve') ?? [];
    return {
      artifactDigest: artifact.digest,
      model: artifact.model,
      modelVersion: artifact.modelVersion,
      author: artifact.author,
      trainingDigest: artifact.trainingDigest,
      mlflowRunId: artifact.mlflowRunId,
      snapshot: data,
      features: { digest: artifact.featureDigest, rows: features!.rows },
      figures: validation ? summarySchema.parse(validation.summary).figures : {},
      ...(approval && {
        approval: {
          gate: approval.gate,
          ...(approvers[0] && { workflowId: approvers[0].statement.workflowId }),
          approvers: approvers.map(({ statement: { reviewer, reviewedAtMs } }) => ({ name: reviewer, reviewedAtMs })),
        },
      }),
    };
  };
  return {
    ofArtifact: async (artifactDigest) => originViewOf(await catalogue.artifact(digest(artifactDigest))),
    ofVersion: async (model, version) => originViewOf(await catalogue.artifactByVersion(model, version)),
    aliased: async (model, alias) => (await registry.aliased(model, alias))?.artifactDigest,
  };
}
