import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import { fastify, type FastifyInstance } from 'fastify';
import { tellError, type ToldError } from '../errorText.ts';
import type { Desk } from '../desk/desk.ts';
import { createFormTokens } from './formToken.ts';
import { html, withCode } from './html.ts';
import { loginPage, mark, outagePage, page } from './layout.ts';
import { registerLogin, type Doorkeeper } from './login.ts';
import { LoginLimiter } from './loginLimiter.ts';
import { haltFacts } from './accountPages.ts';
import { registerAccountRoutes } from './accountRoutes.ts';
import { registerModelRoutes } from './modelRoutes.ts';
import { silentServer } from './part.ts';
import { registerRunRoutes } from './runRoutes.ts';
import { styles } from './styles.ts';
import { tracePages } from './tracePages.ts';

/** How the web console is set up. */
export interface ConsoleOptions {
  readonly desk: Desk;
  readonly sessionHours: number;
  readonly loginAttemptsMax: number;
  /** Address people open where a proxy stands in front; with https their login travels by https alone. */
  readonly publicUrl?: string | undefined;
  /** Wall time, milliseconds since 1970 UTC. */
  readonly now: () => number;
  /** Told of every error that is no refusal. */
  readonly onError: (error: unknown) => void;
}

// Nothing runs in these pages: no script, no frame, no form that leaves.
const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const securityHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // Without any referrer, browsers hide the origin of our own forms too.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
} as const;

/** The reviewers' web console; it listens when told to. */
export async function createConsole(options: ConsoleOptions): Promise<FastifyInstance> {
  const server = fastify({ bodyLimit: 64 * 1024, routerOptions: { maxParamLength: 300 } });
  await server.register(cookie);
  await server.register(formbody);
  server.addHook('onRequest', async (_request, reply) => void reply.headers(securityHeaders));
  const doorkeeper: Doorkeeper = {
    ...options,
    formTokens: createFormTokens(),
    nameLimiter: new LoginLimiter(options.loginAttemptsMax),
    // Several people may share an address, and none of them shall lock the others out.
    addressLimiter: new LoginLimiter(10 * options.loginAttemptsMax),
  };
  server.get('/styles.css', (_request, reply) =>
    reply.header('cache-control', 'max-age=300').type('text/css; charset=utf-8').send(styles),
  );
  server.get('/mark.svg', (_request, reply) => reply.type('image/svg+xml').send(mark.toString()));
  server.get('/health', () => ({ status: 'ok' }));
  server.get('/', (_request, reply) => reply.redirect('/models'));
  tracePages(server);
  const visits = registerLogin(server, doorkeeper);
  registerModelRoutes(server, doorkeeper, visits);
  registerRunRoutes(server, options.desk, visits);
  registerAccountRoutes(server, options.desk, visits);
  tellErrors(server, options);
  return server;
}

function tellErrors(server: FastifyInstance, { onError }: ConsoleOptions): void {
  server.setNotFoundHandler((request, reply) =>
    sendError(request, reply.code(404), { code: 'NOT_FOUND', message: 'There is no such page.', action: '' }),
  );
  server.setErrorHandler((error, request, reply) => {
    const told = tellError(error);
    const status = statusOf(told.code, error);
    if (status >= 500) onError(error);
    return sendError(request, reply.code(status), told);
  });
}

function sendError(
  request: { readonly visit?: Parameters<typeof page>[0] },
  reply: { type(of: string): { send(body: string): unknown } },
  told: Pick<ToldError, 'code' | 'message' | 'action'> & Partial<Pick<ToldError, 'details'>>,
): unknown {
  const body = html`<h1>That did not work</h1>
    <section class="sheet notice bad">
      <p><strong>${told.message}</strong></p>
      <p>${withCode(told.action)}</p>
      ${told.code === 'HALT_INCOMPLETE' && told.details ? haltFacts(told.details) : ''}
      <p class="soft"><code>${told.code}</code></p>
    </section>`;
  const shown = request.visit
    ? page(request.visit, { title: 'Error', place: 'models', body })
    : silentServer(told.code) === undefined
      ? loginPage(told.code === 'NOT_FOUND' ? undefined : `${told.message} (${told.code})`)
      : outagePage(told);
  return reply.type('text/html; charset=utf-8').send(shown.toString());
}

const statusByCode: Readonly<Record<string, number>> = {
  ACCOUNT_UNKNOWN: 404,
  CREDENTIALS_REFUSED: 403,
  DIGEST_MISMATCH: 409,
  DOCUMENT_MISSING: 404,
  FORM_REFUSED: 403,
  LOGIN_PAUSED: 429,
  PROMOTION_UNKNOWN: 404,
  REVIEWER_UNKNOWN: 403,
};

function statusOf(code: string, error: unknown): number {
  const known = statusByCode[code];
  if (known !== undefined) return known;
  if (silentServer(code) !== undefined) return 503;
  if (/^(REVIEW|RESTART)_/.test(code)) return 409;
  const { statusCode } = error as { readonly statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : 500;
}
