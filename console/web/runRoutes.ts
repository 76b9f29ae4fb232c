import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Desk } from '../desk/desk.ts';
import { sendHtml, type Visits } from './login.ts';
import { askPart, statusOfParts } from './part.ts';
import { comparedRuns, comparisonPage, runsPage } from './runPages.ts';

const shownMax = 50;
// One run arrives as a text, several as a list.
const chosenShape = z.object({ run: z.union([z.string(), z.array(z.string())]).default([]) });
const runIdPattern = /^[0-9a-f]{32}$/;

/** Pages of training runs: the list to choose from, and the chosen ones side by side. */
export function registerRunRoutes(server: FastifyInstance, { runs }: Desk, visits: Visits): void {
  server.get('/runs', async (request, reply) => {
    const visit = await visits.of(request, reply);
    if (!visit) return reply;
    const newest = await askPart(() => runs.newest(shownMax));
    return sendHtml(reply.code(statusOfParts([newest])), runsPage(visit, newest));
  });
  server.get('/runs/compare', async (request, reply) => {
    const visit = await visits.of(request, reply);
    if (!visit) return reply;
    const asked = chosenShape.safeParse(request.query).data?.run ?? [];
    const chosen = [...new Set(typeof asked === 'string' ? [asked] : asked)].filter((id) => runIdPattern.test(id));
    const isCountRight = chosen.length >= comparedRuns.min && chosen.length <= comparedRuns.max;
    const found = isCountRight ? await askPart(() => runs.find(chosen)) : undefined;
    if (found?.kind === 'silent') return sendHtml(reply.code(503), runsPage(visit, found));
    if (found && found.value.length === chosen.length) return sendHtml(reply, comparisonPage(visit, found.value));
    const newest = await askPart(() => runs.newest(shownMax));
    const fault = found
      ? 'A chosen run is not there any more.'
      : `Choose ${comparedRuns.min} to ${comparedRuns.max} runs.`;
    return sendHtml(reply.code(found ? 404 : 400), runsPage(visit, newest, fault));
  });
}
