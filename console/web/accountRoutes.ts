import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import type { Desk, Person } from '../desk/desk.ts';
import { accountsPage, haltedPage, haltPage, sessionsPage } from './accountPages.ts';
import { sendHtml, type Visits } from './login.ts';

interface AccountRoute {
  readonly Params: { readonly account: string };
}

const haltShape = z.object({ reason: z.string().trim().min(1).max(500) });

/** Pages of accounts: trading states, halt and restart, and the days they traded. */
export function registerAccountRoutes(server: FastifyInstance, desk: Desk, visits: Visits): void {
  const { accounts } = desk;
  server.get('/accounts', async (request, reply) => {
    const visit = await visits.of(request, reply);
    if (!visit) return reply;
    const rows = await accounts.list();
    const guarded = await Promise.all(
      rows.map(async (row) => {
        const [guard, [lastSession]] = await Promise.all([accounts.guard(row.account), accounts.sessions(row.account)]);
        return { ...row, guard, lastSession };
      }),
    );
    return sendHtml(reply, accountsPage(visit, guarded));
  });
  server.get<AccountRoute>('/accounts/:account/halt', async (request, reply) => {
    const visit = await visits.of(request, reply);
    return visit ? sendHtml(reply, haltPage(visit, request.params.account)) : reply;
  });
  server.post<AccountRoute>('/accounts/:account/halt', async (request, reply) => {
    const asked = await visits.ofForm(request, reply, haltShape);
    if (!asked) return reply;
    requireOperator(asked.visit.person);
    const { account } = request.params;
    const report = await accounts.halt({ account, by: asked.visit.person.name, reason: asked.form.reason });
    return sendHtml(reply, haltedPage(asked.visit, report));
  });
  server.post<AccountRoute>('/accounts/:account/restart', async (request, reply) => {
    const asked = await visits.ofForm(request, reply, z.object({}));
    if (!asked) return reply;
    requireOperator(asked.visit.person);
    await accounts.restart({ account: request.params.account, by: asked.visit.person.name });
    return reply.redirect('/accounts', 303);
  });
  server.get('/sessions', async (request, reply) => {
    const visit = await visits.of(request, reply);
    if (!visit) return reply;
    const rows = await accounts.list();
    const days = await Promise.all(
      rows.map(async ({ account }) => ({ account, sessions: await accounts.sessions(account) })),
    );
    return sendHtml(reply, sessionsPage(visit, days));
  });
}

function requireOperator({ name, roles }: Person): void {
  if (!roles.includes('operator')) throw new Failure('CREDENTIALS_REFUSED', `${name} is no operator`, { name });
}
