import { WorkflowNotFoundError, type Client, type WorkflowExecutionInfo } from '@temporalio/client';
import { z } from 'zod';
import { digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';
import type { createCatalogue } from '#infra/postgres/catalogue.ts';
import { promotionStatus, review } from '#workflows/messages.ts';
import type { DocumentKind, PromotionView, Promotions } from './desk.ts';
import { askTimeoutMs, withinTime } from './temporalCalls.ts';

/** What promotions are read from. */
export interface PromotionSources {
  readonly client: Client;
  readonly catalogue: Pick<ReturnType<typeof createCatalogue>, 'validation'>;
  /** Bytes of an object; opened on first use, so that nothing else waits for the object store. */
  readonly readObject: (key: string) => Promise<Uint8Array>;
}

type Execution = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'startTime' | 'status'>;

const promotionType = 'promoteModel';
const shownMax = 20;
const updateTimeoutMs = 30_000;

// The validation writes more than people are shown here; what is shown must have its shape.
const summarySchema = z.object({
  figures: z.record(z.string(), z.number().nullable()).default({}),
  modelCardKey: z.string().optional(),
  tearSheetKey: z.string().optional(),
});

const contentTypes: Readonly<Record<DocumentKind, string>> = {
  modelCard: 'text/markdown; charset=utf-8',
  tearSheet: 'text/html; charset=utf-8',
};

/** Promotions as Temporal has them, with what the catalogue knows of their candidates. */
export function createPromotions(sources: PromotionSources): Promotions {
  const { client, catalogue, readObject } = sources;
  const summaryOf = async (artifactDigest: string): Promise<z.infer<typeof summarySchema> | undefined> => {
    const row = await catalogue.validation(digest(artifactDigest));
    return row && summarySchema.parse(row.summary);
  };
  return {
    async list() {
      const found = await withinTime(client, askTimeoutMs, () => newest(client));
      return Promise.all(found.map((info) => viewOf(client, info)));
    },

    async find(workflowId) {
      const description = await withinTime(client, askTimeoutMs, () =>
        client.workflow.getHandle(workflowId).describe(),
      ).catch((error: unknown) => {
        throw error instanceof WorkflowNotFoundError ? unknownPromotion(workflowId) : error;
      });
      if (description.type !== promotionType) throw unknownPromotion(workflowId);
      return viewOf(client, description);
    },

    async figures(artifactDigest) {
      const summary = await summaryOf(artifactDigest);
      return summary && { figures: summary.figures, documents: documentKinds(summary) };
    },

    async document(artifactDigest, kind) {
      const key = (await summaryOf(artifactDigest))?.[`${kind}Key`];
      if (key === undefined) {
        throw new Failure('DOCUMENT_MISSING', `artifact ${artifactDigest.slice(0, 12)} has no ${kind}`, { kind });
      }
      return { bytes: await readObject(key), contentType: contentTypes[kind] };
    },

    review: ({ workflowId, updateId, review: given }) =>
      withinTime(client, updateTimeoutMs, () =>
        client.workflow.getHandle(workflowId).executeUpdate(review, { args: [given], updateId }),
      ).catch((error: unknown) => {
        throw error instanceof WorkflowNotFoundError ? unknownPromotion(workflowId) : error;
      }),
  };
}

async function newest(client: Client): Promise<readonly WorkflowExecutionInfo[]> {
  const found = new Map<string, WorkflowExecutionInfo>();
  for await (const info of client.workflow.list({ query: `WorkflowType = '${promotionType}'`, pageSize: shownMax })) {
    // A promotion asked for again after a failure has several runs; the newest comes first.
    if (!found.has(info.workflowId)) found.set(info.workflowId, info);
    if (found.size >= shownMax) break;
  }
  return [...found.values()];
}

async function viewOf(client: Client, info: Execution): Promise<PromotionView> {
  const view = {
    workflowId: info.workflowId,
    startedAtMs: info.startTime.getTime(),
    closed: info.status.name !== 'RUNNING',
  };
  try {
    const handle = client.workflow.getHandle(info.workflowId, info.runId);
    return { ...view, status: await withinTime(client, askTimeoutMs, () => handle.query(promotionStatus)) };
  } catch {
    // No worker, or one that cannot replay it: the list is worth showing without.
    return view;
  }
}

function documentKinds(summary: z.infer<typeof summarySchema>): readonly DocumentKind[] {
  return (['modelCard', 'tearSheet'] as const).filter((kind) => summary[`${kind}Key`] !== undefined);
}

function unknownPromotion(workflowId: string): Failure {
  return new Failure('PROMOTION_UNKNOWN', `no promotion ${workflowId} is under way`, { workflowId });
}
