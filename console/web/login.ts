import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Failure } from '#domain/failure.ts';
import type { Desk } from '../desk/desk.ts';
import { tellError } from '../errorText.ts';
import type { FormTokens } from './formToken.ts';
import { loginPage, type Visit } from './layout.ts';
import type { LoginLimiter } from './loginLimiter.ts';
import { silentServer } from './part.ts';
import { RememberedLogins, type RememberedLogin } from './rememberedLogins.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set once their login was checked. */
    visit?: Visit;
  }
}

/** What the door needs. */
export interface Doorkeeper {
  readonly desk: Desk;
  readonly formTokens: FormTokens;
  /** Failures by the name that was tried. */
  readonly nameLimiter: LoginLimiter;
  /** Attempts by the address they came from. */
  readonly addressLimiter: LoginLimiter;
  readonly sessionHours: number;
  /** Address people open where a proxy stands in front; absent where they reach this server itself. */
  readonly publicUrl?: string | undefined;
  readonly now: () => number;
}

/** Who is behind a request. */
export interface Visits {
  /** The visit of a page; undefined when the reply sends them to the login instead. */
  of(request: FastifyRequest, reply: FastifyReply): Promise<Visit | undefined>;
  /**
   * The visit of a form, and the form's fields.
   * @throws Failure FORM_REFUSED when it came from another page or without its token
   */
  ofForm<Shape extends z.ZodType>(
    request: FastifyRequest,
    reply: FastifyReply,
    shape: Shape,
  ): Promise<{ readonly visit: Visit; readonly form: z.infer<Shape> } | undefined>;
}

/** The cookie of a login: never shown to scripts, never sent from other sites, over https alone where people use it. */
function loginCookie({ publicUrl }: Pick<Doorkeeper, 'publicUrl'>) {
  const secure = publicUrl !== undefined && new URL(publicUrl).protocol === 'https:';
  return {
    // RFC 6265bis, 4.1.3.2: browsers take this prefix only with Secure, for the path / and this very host.
    name: secure ? '__Host-plimsoll-login' : 'plimsoll-login',
    options: { path: '/', httpOnly: true, sameSite: 'strict', secure },
  } as const;
}

const loginShape = z.object({ name: z.string().min(1).max(100), password: z.string().min(1).max(500) });

/** Adds the login and the logout; answers how other pages learn who asks. */
export function registerLogin(server: FastifyInstance, doorkeeper: Doorkeeper): Visits {
  const remembered = new RememberedLogins();
  const visits = createVisits(doorkeeper, remembered);
  const cookie = loginCookie(doorkeeper);
  server.get('/login', (_request, reply) => sendHtml(reply, loginPage()));
  server.post('/login', (request, reply) => logIn(request, reply, doorkeeper));
  server.post('/logout', async (request, reply) => {
    const asked = await visits.ofForm(request, reply, z.object({}));
    if (!asked) return reply;
    const token = request.cookies[cookie.name] ?? '';
    // Forgotten here whatever PostgreSQL says.
    remembered.forget(token);
    await doorkeeper.desk.people.logout(token);
    return reply.clearCookie(cookie.name, cookie.options).redirect('/login', 303);
  });
  return visits;
}

/** Sends a page. */
export function sendHtml(reply: FastifyReply, body: { toString(): string }): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(body.toString());
}

async function logIn(request: FastifyRequest, reply: FastifyReply, doorkeeper: Doorkeeper): Promise<FastifyReply> {
  const { desk, sessionHours } = doorkeeper;
  refuseForeign(request, doorkeeper);
  const { name, password } = read(loginShape, request.body);
  const seconds = Math.round(sessionHours * 3_600);
  const login = await passwordAttempt(doorkeeper, { name, ip: request.ip }, () =>
    desk.people.login({ name, password, lifetimeMs: seconds * 1_000 }),
  );
  if (!login) return sendHtml(reply.code(403), loginPage('Name and password do not fit.'));
  const cookie = loginCookie(doorkeeper);
  return reply.setCookie(cookie.name, login.token, { ...cookie.options, maxAge: seconds }).redirect('/models', 303);
}

/**
 * Tries a password, counted against its name and address; undefined or a failure of the attempt counts.
 * @throws Failure LOGIN_PAUSED when too many failed
 */
export async function passwordAttempt<Opened>(
  { nameLimiter, addressLimiter, now }: Doorkeeper,
  { name, ip }: { readonly name: string; readonly ip: string },
  attempt: () => Promise<Opened>,
): Promise<Opened> {
  if (nameLimiter.paused(name, now()) || addressLimiter.paused(ip, now())) {
    throw new Failure('LOGIN_PAUSED', 'Too many logins failed. Wait five minutes.');
  }
  // Counted before it is checked, so that many at once do not slip through together.
  nameLimiter.failed(name, now());
  addressLimiter.failed(ip, now());
  const opened = await attempt();
  if (opened !== undefined) nameLimiter.succeeded(name);
  return opened;
}

function createVisits(doorkeeper: Doorkeeper, remembered: RememberedLogins): Visits {
  const { desk, formTokens, now } = doorkeeper;
  const cookie = loginCookie(doorkeeper);
  const loginOf = async (token: string): Promise<RememberedLogin | undefined> => {
    try {
      const person = await desk.people.personOfToken(token);
      if (!person) {
        remembered.forget(token);
        return undefined;
      }
      const login = { person, checkedAtMs: now() };
      remembered.confirm(token, login);
      return login;
    } catch (error) {
      const recalled = silentServer(tellError(error).code) === undefined ? undefined : remembered.recall(token, now());
      if (!recalled) throw error;
      return { ...recalled, isRecalled: true };
    }
  };
  const of = async (request: FastifyRequest, reply: FastifyReply): Promise<Visit | undefined> => {
    const token = request.cookies[cookie.name];
    const login = token === undefined ? undefined : await loginOf(token);
    if (token === undefined || !login) {
      await reply.redirect('/login', 303);
      return undefined;
    }
    const { person, checkedAtMs, isRecalled } = login;
    const visit = {
      person,
      formToken: formTokens.of(token),
      links: desk.links,
      ...(isRecalled && { lastCheckedAtMs: checkedAtMs }),
    };
    request.visit = visit;
    return visit;
  };
  return {
    of,
    ofForm: async (request, reply, shape) => {
      refuseForeign(request, doorkeeper);
      const visit = await of(request, reply);
      if (!visit) return undefined;
      const { formToken } = read(z.object({ formToken: z.string() }), request.body);
      if (!formTokens.matches(request.cookies[cookie.name] ?? '', formToken)) {
        throw new Failure('FORM_REFUSED', 'The form did not carry the token of its page.');
      }
      return { visit, form: read(shape, request.body) };
    },
  };
}

// Browsers say where a form came from; another site's is refused whatever it carries.
function refuseForeign({ headers }: FastifyRequest, { publicUrl }: Pick<Doorkeeper, 'publicUrl'>): void {
  const { origin } = headers;
  // A proxy may name another host to us than people named to it.
  const host = publicUrl === undefined ? headers.host : new URL(publicUrl).host;
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)) {
    throw new Failure('FORM_REFUSED', 'The form came from another page.');
  }
}

function read<Shape extends z.ZodType>(shape: Shape, body: unknown): z.infer<Shape> {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Failure('FORM_REFUSED', `The form is not complete: ${faults.join('; ')}`, { faults });
}
