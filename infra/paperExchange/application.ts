import { timingSafeEqual } from 'node:crypto';
import Fastify from 'fastify';
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import type { AccountState } from './accountState.ts';
import { registerControlRoutes } from './controlRoutes.ts';
import { paperCredentials } from './credentials.ts';
import type { PaperExchange } from './exchange.ts';
import { MisbehaviourSwitches } from './misbehaviour.ts';
import { registerTradingRoutes } from './tradingRoutes.ts';

/** The exchange's HTTP interface: Alpaca's trading API under /v2, the control interface under /replay, /health. */
export function paperExchangeApplication(exchange: PaperExchange, controlKey: string): FastifyInstance {
  const server = Fastify({
    forceCloseConnections: true,
    bodyLimit: 64 * 1024,
    // Unknown members are refused where a schema forbids them, not dropped; numbers and texts stand for each other as at Alpaca.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: true, useDefaults: true } },
  });
  const switches = new MisbehaviourSwitches();
  server.setErrorHandler(async (error: FastifyError, _request, reply) => {
    // Alpaca answers 422 to input it does not recognise.
    if (error.validation !== undefined) return reply.code(422).send({ code: 42_210_000, message: error.message });
    const status = error.statusCode ?? 500;
    return reply.code(status).send({ code: status * 100_000, message: error.message });
  });
  server.setNotFoundHandler(async (_request, reply) =>
    reply.code(404).send({ code: 40_410_000, message: 'endpoint not found' }),
  );
  server.get('/health', async () => ({ status: 'ok', accounts: exchange.accounts().length }));
  registerTradingRoutes(server, { exchange, switches, accountOf: authenticator(exchange, controlKey) });
  registerControlRoutes(server, { exchange, switches, controlKey });
  return server;
}

/** Finds the account of a request's key pair; pairs are derived, so each is worked out once. */
function authenticator(
  exchange: PaperExchange,
  controlKey: string,
): (request: FastifyRequest) => AccountState | undefined {
  const byKeyId = new Map<string, { readonly account: string; readonly secretKey: string }>();
  return (request) => {
    if (byKeyId.size !== exchange.accounts().length) {
      for (const account of exchange.accounts()) {
        const { keyId, secretKey } = paperCredentials(controlKey, account);
        byKeyId.set(keyId, { account, secretKey });
      }
    }
    const holder = byKeyId.get(String(request.headers['apca-api-key-id']));
    const given = Buffer.from(String(request.headers['apca-api-secret-key']));
    const expected = Buffer.from(holder?.secretKey ?? '');
    if (holder === undefined || given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return exchange.account(holder.account);
  };
}
