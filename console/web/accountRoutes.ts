import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import type { AccountView, Desk } from '../desk/desk.ts';
import { requireOperator } from '../identity.ts';
import { accountPage } from './accountPage.ts';
import {
  accountsPage,
  haltByNamePage,
  haltedPage,
  haltPage,
  sessionsPage,
  type GuardedAccount,
} from './accountPages.ts';
import { sendHtml, type Visits } from './login.ts';
import { askPart, statusOfParts } from './part.ts';

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
    const guarded = await askPart(async () =>
      Promise.all((await accounts.list()).map((row) => guardedAccount(desk, row))),
    );
    return sendHtml(reply.code(statusOfParts([guarded])), accountsPage(visit, guarded));
  });
  server.get<AccountRoute>('/accounts/:account', async (request, reply) => {
    const visit = await visits.of(request, reply);
    if (!visit) return reply;
    const { account } = request.params;
    const row = await askPart(() => oneAccount(desk, account));
    const [book, sessions] = await Promise.all([
      askPart(() => desk.books.of(account)),
      askPart(() => accounts.sessions(account)),
    ]);
    return sendHtml(reply.code(statusOfParts([row, book])), accountPage(visit, { account, row, book, sessions }));
  });
  // For whoever cannot be shown a list: the account is named by hand.
  server.get<{ Querystring: { readonly account?: unknown } }>('/halt', async (request, reply) => {
    const visit = await visits.of(request, reply);
    if (!visit) return reply;
    const { account } = request.query;
    const isNamed = typeof account === 'string' && account.trim() !== '';
    return sendHtml(reply, isNamed ? haltPage(visit, account.trim()) : haltByNamePage(visit));
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
    const days = await askPart(async () => {
      const rows = await accounts.list();
      return Promise.all(rows.map(async ({ account }) => ({ account, sessions: await accounts.sessions(account) })));
    });
    return sendHtml(reply.code(statusOfParts([days])), sessionsPage(visit, days));
  });
}

async function oneAccount(desk: Desk, account: string): Promise<GuardedAccount> {
  const row = (await desk.accounts.list()).find((one) => one.account === account);
  if (!row) throw new Failure('ACCOUNT_UNKNOWN', `no account ${account} was opened`, { account });
  return guardedAccount(desk, row);
}

async function guardedAccount({ accounts, books }: Desk, row: AccountView): Promise<GuardedAccount> {
  const [guard, [lastSession], book] = await Promise.all([
    accounts.guard(row.account),
    accounts.sessions(row.account),
    books.of(row.account),
  ]);
  return { ...row, guard, lastSession, book };
}
