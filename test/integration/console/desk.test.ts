import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { PromotionRequest } from '#activities/promotionActivities.ts';
import { signReview } from '#console/signReview.ts';
import { breakerProfiles } from '#domain/breaker.ts';
import { digest } from '#domain/digest.ts';
import { money } from '#domain/money.ts';
import { standardWaits } from '#domain/tradingWaits.ts';
import { openObjectStore } from '#infra/objects/objectStore.ts';
import { createAuditLog } from '#infra/postgres/auditLog.ts';
import { createCatalogue } from '#infra/postgres/catalogue.ts';
import { createLedger } from '#infra/postgres/ledger/ledger.ts';
import { createPeople } from '#infra/postgres/people.ts';
import { startTracing, type Tracing } from '#infra/telemetry/tracing.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import { workflowIds } from '#workflows/workflowIds.ts';
import { intent, openBook } from '../paperExchange/venue.ts';
import { recordCandidate } from './recordCandidate.ts';
import { prepareWorker, openDeskServers, type DeskServers, type WorkerProgram } from './deskServers.ts';

const artifactDigest = digest('a'.repeat(64));
const promotionId = workflowIds.promote('forecaster', '3', 'first');
const request: PromotionRequest = {
  candidate: { model: 'forecaster', modelVersion: '3', mlflowRunId: 'run', artifactDigest, author: 'linus' },
  request: 'first',
  honestGate: {
    name: 'worth trading',
    criteria: [{ metric: 'sharpe', comparison: 'atLeast', threshold: 1, reason: '-' }],
  },
  approvalsRequired: 2,
  reviewTimeoutMs: 3_600_000,
  reminderIntervalMs: 3_600_000,
};

interface ReceivedSpan {
  readonly traceId: string;
  readonly name: string;
}

let servers: DeskServers;
let worker: WorkerProgram;
let tracing: Tracing;
let receiver: Server;
const spans: ReceivedSpan[] = [];

beforeAll(async () => {
  receiver = createServer((asked, answer) => {
    const chunks: Buffer[] = [];
    asked.on('data', (chunk: Buffer) => chunks.push(chunk));
    asked.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as {
        resourceSpans: { scopeSpans: { spans: ReceivedSpan[] }[] }[];
      };
      spans.push(...body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      answer.end('{}');
    });
  });
  await new Promise<void>((resolve) => {
    receiver.listen(0, '127.0.0.1', resolve);
  });
  const otlpEndpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  tracing = startTracing({ service: 'plimsoll-test', otlpEndpoint });
  servers = await openDeskServers(inject('stack'));
  worker = await prepareWorker(servers, tracing);
});
afterAll(async () => {
  await servers.stop();
  await tracing.stop(1_000);
  receiver.closeAllConnections();
  receiver.close();
});

/** A verdict as the console signs it. */
async function review(
  reviewer: string,
  updateId = reviewer,
): Promise<Parameters<DeskServers['desk']['promotions']['review']>[0]> {
  const { people } = servers.desk;
  const gate = { name: 'worth trading', verdict: 'passed', checks: [] } as const;
  const status = { model: 'forecaster', modelVersion: '3', gate };
  const said = { workflowId: promotionId, status, artifactDigest, verdict: 'approve', comment: 'read it' } as const;
  const signed = await signReview(people, { name: reviewer, password: `${reviewer}-opens-it` }, said);
  return { workflowId: promotionId, updateId, review: signed };
}

async function eventually<Value>(ask: () => Promise<Value>, holds: (value: Value) => boolean): Promise<Value> {
  for (const deadlineMs = Date.now() + 20_000; ;) {
    const value = await ask();
    if (holds(value) || Date.now() > deadlineMs) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function startGuard(account: string): Promise<void> {
  await servers.client.workflow.start('guardAccount', {
    workflowId: workflowIds.guard(account),
    taskQueue: taskQueues.lifecycle,
    args: [{ account, profile: breakerProfiles.standard, waits: standardWaits.escalation }],
  });
}

describe('a promotion at the desk', () => {
  beforeAll(async () => {
    const people = createPeople(servers.database);
    for (const name of ['ada', 'grace'])
      await people.register({ name, password: `${name}-opens-it`, roles: ['reviewer'] });
    await recordCandidate(servers.database, artifactDigest);
    await servers.client.workflow.start('promoteModel', {
      workflowId: promotionId,
      taskQueue: taskQueues.lifecycle,
      args: [request],
    });
  });

  test('is listed without its standing while no worker runs', async () => {
    const listed = await eventually(
      () => servers.desk.promotions.list(),
      (views) => views.length > 0,
    );
    expect(listed).toEqual([{ workflowId: promotionId, startedAtMs: expect.any(Number), closed: false }]);
  });

  test('takes two verdicts, the same one again without counting it twice, and refuses a second vote', async () => {
    const { promotions } = servers.desk;
    await worker.during(async () => {
      const view = await eventually(
        () => promotions.find(promotionId),
        ({ status }) => status?.stage === 'review',
      );
      expect(view.status).toMatchObject({ artifactDigest, approvalsRequired: 2, honestGate: { verdict: 'passed' } });
      // Whoever reaches Temporal's port can send this, and has no key.
      const forged = { ...(await review('ada', 'forged')).review, signature: (await review('grace')).review.signature };
      const update = servers.client.workflow.getHandle(promotionId).executeUpdate('review', { args: [forged] });
      await expect(update).rejects.toMatchObject({ cause: { cause: { message: 'ada did not sign the statement' } } });
      expect(await promotions.review(await review('ada'))).toMatchObject({ approvals: 1, decision: 'pending' });
      expect(await promotions.review(await review('ada'))).toMatchObject({ approvals: 1, decision: 'pending' });
      await expect(promotions.review(await review('ada', 'again'))).rejects.toThrow('Workflow Update failed');
      await expect(
        promotions.review({ ...(await review('ada')), workflowId: 'promote:nobody:1:x' }),
      ).rejects.toMatchObject({
        code: 'PROMOTION_UNKNOWN',
      });
      expect(await promotions.review(await review('grace'))).toMatchObject({ approvals: 2, decision: 'approved' });
      const decided = await eventually(
        () => promotions.find(promotionId),
        ({ closed }) => closed,
      );
      expect(decided.status?.decision).toBe('approved');
    });
  });

  test("travels in one trace from the console through the workflow to its activities' queries", async () => {
    const expected = ['StartWorkflow:promoteModel', 'RunWorkflow:promoteModel', 'RunActivity:recordDecision'];
    const names = await eventually(
      () => {
        const traceId = spans.find(({ name }) => name === 'StartWorkflow:promoteModel')?.traceId;
        return Promise.resolve(spans.filter((span) => span.traceId === traceId).map(({ name }) => name));
      },
      (found) => expected.every((name) => found.includes(name)),
    );
    expect(names).toEqual(expect.arrayContaining(expected));
    const confirmed = ['RunActivity:verifyReview', 'postgres SELECT'];
    const ofReview = await eventually(
      () => {
        const traceId = spans.find(({ name }) => name.includes('Update') && name.endsWith(':review'))?.traceId;
        return Promise.resolve(spans.filter((span) => span.traceId === traceId).map(({ name }) => name));
      },
      (found) => confirmed.every((name) => found.includes(name)),
    );
    expect(ofReview).toEqual(expect.arrayContaining(confirmed));
  });

  test('shows the figures and the documents of its candidate, and DOCUMENT_MISSING for another', async () => {
    const catalogue = createCatalogue(servers.database);
    await catalogue.recordValidation({
      artifactDigest,
      planDigest: digest('e'.repeat(64)),
      summary: { figures: { sharpe: 1.2, sortino: null }, windows: 3, modelCardKey: 'reports/card.md' },
      reportKey: 'reports/report.json',
    });
    const store = await openObjectStore(servers.stack.objects);
    await store.put('reports/card.md', new TextEncoder().encode('# Card'), 'text/markdown');

    const { promotions } = servers.desk;
    expect(await promotions.figures(artifactDigest)).toEqual({
      figures: { sharpe: 1.2, sortino: null },
      documents: ['modelCard'],
    });
    const { bytes } = await promotions.document(artifactDigest, 'modelCard');
    expect(new TextDecoder().decode(bytes)).toBe('# Card');
    await expect(promotions.document(artifactDigest, 'tearSheet')).rejects.toMatchObject({ code: 'DOCUMENT_MISSING' });
  });
});

describe('a halt at the desk', () => {
  test('with Temporal down stops claims in PostgreSQL, cancels at the broker, and is in the audit chain', async () => {
    const account = 'alone';
    const ledger = createLedger(servers.database);
    await ledger.openAccount({ account, broker: 'paper', equity: money(10_000_000_000) });
    const broker = await openBook(servers.venue, account);
    await broker.submit(intent('alone-1', { account }));
    const desk = servers.deskWithout('temporal');
    const report = await desk.accounts.halt({ account, by: 'ada', reason: 'strange fills' });
    await desk.close();

    expect(report).toMatchObject({ ledger: 'halted', cancelled: 1, broker: 'clear', guard: 'no answer within 4 s' });
    expect(await broker.openOrders()).toEqual([]);
    expect(await ledger.claim(intent('alone-2', { account }))).toMatchObject({ kind: 'denied', state: 'halted' });
    const [record] = await createAuditLog(servers.database).records({ subject: `account:${account}` });
    expect(record).toMatchObject({ actor: 'ada', action: 'account.halted', body: { reason: 'strange fills' } });
  });

  test('HALT_INCOMPLETE with PostgreSQL out of reach cancels orders, and the guard writes the halt when it can', async () => {
    const account = 'cut-off';
    const ledger = createLedger(servers.database);
    await ledger.openAccount({ account, broker: 'paper', equity: money(10_000_000_000) });
    const broker = await openBook(servers.venue, account);
    await broker.submit(intent('cut-off-1', { account }));
    await startGuard(account);
    const desk = servers.deskWithout('postgres');
    await worker.during(async () => {
      await expect(desk.accounts.halt({ account, by: 'ada', reason: 'flood' })).rejects.toMatchObject({
        code: 'HALT_INCOMPLETE',
        details: { cancelled: 1, broker: 'clear', guard: 'told' },
      });
      const row = await eventually(
        () => ledger.account(account),
        (standing) => standing?.state === 'halted',
      );
      expect(row).toMatchObject({ state: 'halted', reason: 'flood', changedBy: 'ada' });
    });
    await desk.close();
  });

  test('tells the guard, which takes the halt over and writes no second record of it', async () => {
    const account = 'guarded';
    await createLedger(servers.database).openAccount({ account, broker: 'paper', equity: money(10_000_000_000) });
    await openBook(servers.venue, account);
    await startGuard(account);
    await worker.during(async () => {
      const { accounts } = servers.desk;
      await eventually(
        () => accounts.guard(account),
        (status) => status?.state === 'active',
      );
      expect(await accounts.halt({ account, by: 'grace', reason: 'test' })).toMatchObject({ guard: 'told' });
      const status = await eventually(
        () => accounts.guard(account),
        (standing) => standing?.state === 'halted',
      );
      expect(status).toMatchObject({ state: 'halted', reason: 'test', changedBy: 'grace' });
    });
    const audit = createAuditLog(servers.database);
    const halts = (await audit.records({ subject: `account:${account}` })).filter(
      ({ action }) => action === 'account.halted',
    );
    expect(halts).toHaveLength(1);
    expect(await audit.verify()).toMatchObject({ verified: true });
  });

  test('ACCOUNT_UNKNOWN: of an account that was never opened is refused', async () => {
    await expect(servers.desk.accounts.halt({ account: 'nobody', by: 'ada', reason: '-' })).rejects.toMatchObject({
      code: 'ACCOUNT_UNKNOWN',
    });
  });
});

test('WORKERS_SILENT: what Temporal does not answer in time is told as such, the silence of a guard as no answer', async () => {
  const desk = servers.deskWithout('temporal');
  await expect(desk.schedules.list()).rejects.toMatchObject({ code: 'WORKERS_SILENT' });
  expect(await desk.accounts.guard('alone')).toBeUndefined();
  await desk.close();
});

test('schedules are held and let run, in the name of who did it', async () => {
  const { schedule } = servers.client;
  await schedule.create({
    scheduleId: 'ingest',
    spec: { calendars: [{ hour: 22 }] },
    action: { type: 'startWorkflow', workflowType: 'launchIngest', taskQueue: taskQueues.lifecycle, args: [] },
    state: { paused: true, note: 'held until told' },
  });
  const { schedules } = servers.desk;
  const listed = await eventually(
    () => schedules.list(),
    (views) => views.length === 1,
  );
  expect(listed).toMatchObject([{ id: 'ingest', paused: true, note: 'held until told' }]);
  expect(await schedules.set('on', 'ada')).toMatchObject([
    { id: 'ingest', paused: false, note: 'let run by ada', nextAtMs: expect.any(Number) },
  ]);
  expect(await schedules.set('off', 'ada')).toMatchObject([{ id: 'ingest', paused: true, note: 'held by ada' }]);
});
