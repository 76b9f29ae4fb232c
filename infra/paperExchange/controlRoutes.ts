import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { MarketPhase } from '#activities/ports/broker.ts';
import { money } from '#domain/money.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import type { AccountState } from './accountState.ts';
import type { PaperExchange, ReplayRefusal } from './exchange.ts';
import { marketPhases, marketTimeMs } from './marketTime.ts';
import type { Misbehaviour, MisbehaviourSwitches } from './misbehaviour.ts';

/** What the control interface needs. */
export interface ControlContext {
  readonly exchange: PaperExchange;
  readonly switches: MisbehaviourSwitches;
  readonly controlKey: string;
}

const accountName = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$' } as const;
const session = { type: 'string', pattern: String.raw`^\d{4}-\d{2}-\d{2}$` } as const;
const accountParams = { type: 'object', properties: { account: accountName } } as const;

const newAccountBody = {
  type: 'object',
  required: ['account', 'cash', 'firstSession'],
  additionalProperties: false,
  properties: { account: accountName, cash: { type: 'integer', minimum: 0 }, firstSession: session },
} as const;

const advanceBody = {
  type: 'object',
  required: ['session', 'phase'],
  additionalProperties: false,
  properties: { session, phase: { type: 'string', enum: marketPhases } },
} as const;

const misbehaviourBody = {
  type: 'object',
  required: ['kind', 'times'],
  additionalProperties: false,
  properties: {
    kind: { type: 'string', enum: ['dropAnswer', 'dropRequest', 'failBefore', 'delay'] },
    times: { type: 'integer', minimum: 0, maximum: 1_000_000 },
    delayMs: { type: 'integer', minimum: 0, maximum: 600_000, default: 0 },
  },
} as const;

/**
 * The control interface under /replay, for whoever bears the control key: sessions, accounts, market time, how the venue
 * misbehaves, and what it received. Money is in ten-thousandths of a dollar.
 */
export function registerControlRoutes(server: FastifyInstance, context: ControlContext): void {
  const { exchange, switches } = context;
  void server.register(
    async (control) => {
      control.addHook('onRequest', async (request, reply) => {
        if (!bearsKey(request, context.controlKey))
          await reply.code(401).send({ message: 'the control key is missing or wrong' });
      });
      control.get('/sessions', async () => ({ sessions: exchange.market.bars.sessions }));
      control.post('/accounts', { schema: { body: newAccountBody } }, async (request, reply) => {
        const body = request.body as { readonly account: string; readonly cash: number; readonly firstSession: string };
        const outcome = exchange.openAccount({
          account: body.account,
          cash: money(body.cash),
          firstSession: sessionDate(body.firstSession),
        });
        return 'kind' in outcome ? reply.code(outcome.status).send({ message: outcome.message }) : clockOf(outcome);
      });
      control.post(
        '/accounts/:account/advance',
        { schema: { params: accountParams, body: advanceBody } },
        async (request, reply) => {
          const body = request.body as { readonly session: string; readonly phase: MarketPhase };
          const outcome: AccountState | ReplayRefusal = exchange.advance(accountOf(request), {
            session: sessionDate(body.session),
            phase: body.phase,
          });
          return 'kind' in outcome ? reply.code(outcome.status).send({ message: outcome.message }) : clockOf(outcome);
        },
      );
      control.get('/accounts/:account/submissions', { schema: { params: accountParams } }, async (request, reply) => {
        const account = exchange.account(accountOf(request));
        if (account === undefined) return reply.code(404).send({ message: `no account ${accountOf(request)}` });
        return { submissions: account.submissions };
      });
      control.put(
        '/accounts/:account/misbehaviour',
        { schema: { params: accountParams, body: misbehaviourBody } },
        async (request, reply) => {
          switches.set(accountOf(request), request.body as Misbehaviour);
          return reply.code(204).send();
        },
      );
    },
    { prefix: '/replay' },
  );
}

function clockOf(account: AccountState): Readonly<Record<string, unknown>> {
  return { marketTimeMs: marketTimeMs(account), session: account.session, phase: account.phase };
}

function accountOf(request: FastifyRequest): string {
  return (request.params as { readonly account: string }).account;
}

function bearsKey(request: FastifyRequest, controlKey: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const expected = Buffer.from(`Bearer ${controlKey}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
