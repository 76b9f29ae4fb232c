import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import type { Desk } from '../desk/desk.ts';
import { signReview } from '../signReview.ts';
import { compareModel } from './comparedModel.ts';
import { passwordAttempt, sendHtml, type Doorkeeper, type Visits } from './login.ts';
import { modelPage, type ModelParts } from './modelPage.ts';
import { modelsPage } from './modelsPage.ts';
import { answerOf, askPart, statusOfParts } from './part.ts';

const verdictShape = z.object({
  verdict: z.enum(['approve', 'reject']),
  comment: z.string().trim().min(1).max(2_000),
  artifactDigest: z.string().regex(/^[0-9a-f]{64}$/),
  requestId: z.string().min(1).max(100),
  password: z.string().min(1).max(500),
});

/** As `workflowIds.promote` writes it. */
const promotionPattern = /^promote:(.+):([^:]+):[^:]*$/;

/** Pages of candidates: the list, one of them, its documents, and people's verdicts. */
export function registerModelRoutes(server: FastifyInstance, doorkeeper: Doorkeeper, visits: Visits): void {
  const { desk } = doorkeeper;
  const { promotions, people } = desk;
  server.get('/models', async (request, reply) => {
    const visit = await visits.of(request, reply);
    if (!visit) return reply;
    const listed = await askPart(() => promotions.list());
    return sendHtml(reply.code(statusOfParts([listed])), modelsPage(visit, listed));
  });
  server.get<{ Params: { id: string } }>('/models/:id', async (request, reply) => {
    const visit = await visits.of(request, reply);
    if (!visit) return reply;
    const parts = await askModelParts(desk, request.params.id);
    const isAnythingShown = parts.promotion.kind === 'answered' || answerOf(parts.compared) !== undefined;
    return sendHtml(reply.code(isAnythingShown ? 200 : 503), modelPage(visit, parts));
  });
  server.post<{ Params: { id: string } }>('/models/:id/review', async (request, reply) => {
    const asked = await visits.ofForm(request, reply, verdictShape);
    if (!asked) return reply;
    const { person } = asked.visit;
    if (!person.roles.includes('reviewer')) throw new Failure('REVIEWER_UNKNOWN', `${person.name} is no reviewer`);
    const { verdict, comment, artifactDigest, requestId, password } = asked.form;
    const { id: workflowId } = request.params;
    const { status } = await promotions.find(workflowId);
    if (!status) throw new Failure('WORKERS_SILENT', 'no worker tells what is under review', { workflowId });
    // The login's cookie signs nothing: the key opens for the password alone, and guesses at it are counted.
    const review = await passwordAttempt(doorkeeper, { name: person.name, ip: request.ip }, () =>
      signReview(people, { name: person.name, password }, { workflowId, status, artifactDigest, verdict, comment }),
    );
    await promotions.review({ workflowId, updateId: requestId, review });
    return reply.redirect(`/models/${encodeURIComponent(workflowId)}`, 303);
  });
  server.get<{ Params: { digest: string; kind: string } }>('/documents/:digest/:kind', async (request, reply) => {
    if (!(await visits.of(request, reply))) return reply;
    const { digest, kind } = request.params;
    if (kind !== 'modelCard' && kind !== 'tearSheet') throw new Failure('DOCUMENT_MISSING', `there is no ${kind}`);
    const { bytes, contentType } = await promotions.document(digest, kind);
    // Documents are ours, but hold names from elsewhere: they may be drawn, nothing in them may run.
    const policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";
    const shown = contentType.startsWith('text/html') ? contentType : 'text/plain; charset=utf-8';
    return reply.header('content-security-policy', policy).type(shown).send(Buffer.from(bytes));
  });
}

/** Asks Temporal first; while it is silent, the promotion's id still names the version, and PostgreSQL knows its bytes. */
async function askModelParts(desk: Desk, workflowId: string): Promise<ModelParts> {
  const { promotions, origins } = desk;
  const promotion = await askPart(() => promotions.find(workflowId));
  const artifactDigest = answerOf(promotion)?.status?.artifactDigest;
  const origin = await askPart(() => {
    if (artifactDigest !== undefined) return origins.ofArtifact(artifactDigest);
    const [, model = '', version = ''] = promotionPattern.exec(workflowId) ?? [];
    return origins.ofVersion(model, version);
  });
  const known = answerOf(origin);
  const digest = artifactDigest ?? known?.artifactDigest;
  const [judged, compared] = await Promise.all([
    askPart(async () => (digest === undefined ? undefined : promotions.figures(digest))),
    origin.kind === 'silent' ? origin : askPart(async () => known && compareModel(desk, known)),
  ]);
  return { workflowId, promotion, judged, compared, requestId: randomUUID() };
}
