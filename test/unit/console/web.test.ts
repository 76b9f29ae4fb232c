import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MemoryDesk, MemoryDeskFaults } from './memoryDesk.ts';
import { candidateDigest } from './memoryEvidence.ts';
import { openConsole, type VisitedConsole } from './visitedConsole.ts';

const promotion = '/models/promote%3Aforecaster%3A3%3Afirst';

let visited: VisitedConsole;
let desk: MemoryDesk;
let nowMs: number;

async function open(faults: MemoryDeskFaults = {}): Promise<void> {
  visited = await openConsole({ faults, now: () => nowMs });
  ({ desk } = visited);
}

beforeEach(() => {
  nowMs = Date.UTC(2026, 10, 21);
  return open();
});
afterEach(() => visited.server.close());

const submit: VisitedConsole['submit'] = (...given) => visited.submit(...given);
const logIn: VisitedConsole['logIn'] = (name) => visited.logIn(name);

const verdict = {
  verdict: 'approve',
  comment: 'fine',
  artifactDigest: candidateDigest,
  requestId: 'page-1',
  password: 'ada-opens',
};

describe('the door', () => {
  test.each([
    '/models',
    promotion,
    `/documents/${candidateDigest}/modelCard`,
    '/accounts',
    '/sessions',
    '/accounts/paper-main/halt',
  ])('sends whoever is not logged in away from %s to the login', async (url) => {
    const { statusCode, headers } = await visited.server.inject(url);
    expect([statusCode, headers.location]).toEqual([303, '/login']);
  });

  test.each(['/accounts/paper-main/halt', '/accounts/paper-main/restart', `${promotion}/review`, '/logout'])(
    'takes no form at %s from whoever is not logged in',
    async (url) => {
      const { statusCode, headers } = await submit(url, { reason: 'test', ...verdict });
      expect([statusCode, headers.location]).toEqual([303, '/login']);
      expect([desk.halts, desk.reviews]).toEqual([[], []]);
    },
  );

  test('opens a login with a cookie that scripts and other sites do not get', async () => {
    const { headers, statusCode } = await submit('/login', { name: 'ada', password: 'ada-opens' });
    expect([statusCode, headers.location]).toEqual([303, '/models']);
    expect(headers['set-cookie']).toMatch(/^plimsoll-login=[^;]+; Max-Age=3600; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  test('served over https behind a proxy, the login travels by https alone and forms come from its own address', async () => {
    await visited.server.close();
    visited = await openConsole({ faults: {}, now: () => nowMs, publicUrl: 'https://desk.example/' });
    const fields = { name: 'ada', password: 'ada-opens' };
    const { headers } = await submit('/login', fields, { origin: 'https://desk.example', host: '127.0.0.1:8080' });
    expect(headers['set-cookie']).toMatch(
      /^__Host-plimsoll-login=[^;]+; Max-Age=3600; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    const ada = await logIn('ada');
    expect((await ada.get('/models')).statusCode).toBe(200);
    const gone = await ada.post('/logout');
    expect(gone.headers['set-cookie']).toMatch(/^__Host-plimsoll-login=; .*HttpOnly; Secure; SameSite=Strict$/);
    const foreign = await submit('/login', fields, { origin: 'http://127.0.0.1:8080', host: '127.0.0.1:8080' });
    expect(foreign.statusCode).toBe(403);
  });

  test('refuses a wrong password without telling whether the name exists', async () => {
    const wrong = await submit('/login', { name: 'ada', password: 'guess' });
    const unknown = await submit('/login', { name: 'nobody', password: 'guess' });
    expect([wrong.statusCode, unknown.statusCode]).toEqual([403, 403]);
    expect(wrong.body).toBe(unknown.body);
  });

  test('LOGIN_PAUSED: after three failures even the right password waits five minutes', async () => {
    for (let attempt = 0; attempt < 3; attempt += 1) await submit('/login', { name: 'ada', password: 'guess' });
    const paused = await submit('/login', { name: 'ada', password: 'ada-opens' });
    expect(paused.statusCode).toBe(429);
    nowMs += 5 * 60_000;
    expect((await submit('/login', { name: 'ada', password: 'ada-opens' })).statusCode).toBe(303);
  });

  test('one name that is paused holds up no other from the same address; many names do', async () => {
    for (let attempt = 0; attempt < 3; attempt += 1) await submit('/login', { name: 'ada', password: 'guess' });
    expect((await submit('/login', { name: 'grace', password: 'grace-opens' })).statusCode).toBe(303);
    for (let name = 0; name < 26; name += 1) await submit('/login', { name: `guess-${name}`, password: 'guess' });
    expect((await submit('/login', { name: 'grace', password: 'grace-opens' })).statusCode).toBe(429);
  });

  test('failures sent together do not slip past the pause', async () => {
    const attempts = Array.from({ length: 10 }, () => submit('/login', { name: 'ada', password: 'guess' }));
    const codes = (await Promise.all(attempts)).map(({ statusCode }) => statusCode);
    expect(codes.filter((code) => code === 403)).toHaveLength(3);
  });

  test('closes with a logout: the cookie opens nothing afterwards', async () => {
    const ada = await logIn('ada');
    expect((await ada.post('/logout')).headers.location).toBe('/login');
    expect((await ada.get('/models')).headers.location).toBe('/login');
  });
});

describe('every answer', () => {
  test.each(['/login', '/styles.css', '/nowhere', '/health'])(
    'forbids scripts, frames and foreign forms: %s',
    async (url) => {
      const { headers } = await visited.server.inject(url);
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      expect(headers['x-content-type-options']).toBe('nosniff');
    },
  );

  test('escapes whatever people wrote', async () => {
    const ada = await logIn('ada');
    await ada.post(`${promotion}/review`, { ...verdict, comment: '<img src=x onerror=alert(1)>"\'' });
    const { body } = await ada.get(promotion);
    expect(body).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;');
    expect(body).not.toContain('<img');
  });
});

describe('forms', () => {
  test.each([
    ['without a token', { formToken: '' }, {}],
    ['with the token of another login', { formToken: 'Zm9yZ2Vk' }, {}],
    ['from another site', {}, { origin: 'http://evil.example' }],
    ['from a page without an origin, such as a sandboxed one', {}, { origin: 'null' }],
  ])('FORM_REFUSED: %s', async (_case, fields: Record<string, string>, headers: Record<string, string>) => {
    const ada = await logIn('ada');
    const { statusCode, body } = await ada.post('/accounts/paper-main/halt', { reason: 'test', ...fields }, headers);
    expect(statusCode).toBe(403);
    expect(body).toContain('FORM_REFUSED');
    expect(desk.halts).toEqual([]);
  });

  test('from our own pages pass', async () => {
    const ada = await logIn('ada');
    const own = { origin: 'http://localhost:8090', host: 'localhost:8090' };
    expect((await ada.post('/accounts/paper-main/halt', { reason: 'test' }, own)).statusCode).toBe(200);
  });
});

describe('models', () => {
  test('show the honest verdict, the figures and the documents of what waits', async () => {
    const ada = await logIn('ada');
    expect((await ada.get('/models')).body).toContain('One candidate waits for people.');
    const { body } = await ada.get(promotion);
    expect(body).toContain('This model did not pass “worth trading”.');
    expect(body).toContain('0.422');
    const figures = body.slice(body.indexOf('<h2>Validation</h2>'));
    expect(figures.indexOf('<dt>baseline.')).toBeGreaterThan(0);
    expect(figures.indexOf('<dt>baseline.')).toBeLessThan(figures.indexOf('<dt>walkForward.'));
    expect(body).toContain(`/documents/${candidateDigest}/tearSheet`);
    expect(body).toContain('Approve');
  });

  test('take a verdict in the name of the login, bound to the digest of the page, once a page', async () => {
    const ada = await logIn('ada');
    const forged = { ...verdict, reviewer: 'grace' };
    for (let click = 0; click < 2; click += 1) {
      expect((await ada.post(`${promotion}/review`, forged)).statusCode).toBe(303);
    }
    expect(desk.reviews.map(({ review }) => review.statement)).toMatchObject([
      { reviewer: 'ada', verdict: 'approve', comment: 'fine', artifactDigest: candidateDigest },
    ]);
    expect((await ada.get(promotion)).body).toContain('Your verdict was taken.');
  });

  test('take no verdict without the password that signs it, and count guesses at it', async () => {
    const ada = await logIn('ada');
    for (const status of [403, 403, 403, 429]) {
      const { statusCode } = await ada.post(`${promotion}/review`, { ...verdict, password: 'guess' });
      expect(statusCode).toBe(status);
    }
    expect(desk.reviews).toEqual([]);
  });

  test('tell the refusal of the promotion itself', async () => {
    const ada = await logIn('ada');
    await ada.post(`${promotion}/review`, verdict);
    const { statusCode, body } = await ada.post(`${promotion}/review`, { ...verdict, requestId: 'page-2' });
    expect(statusCode).toBe(409);
    expect(body).toContain('ada voted already');
    expect(body).toContain('REVIEW_REPEATED');
  });

  test('REVIEWER_UNKNOWN: offer no form to whoever is no reviewer, and take none', async () => {
    const linus = await logIn('linus');
    const { body } = await linus.get(promotion);
    expect(body).not.toContain('value="approve"');
    expect(body).toContain('Only reviewers decide');
    const { statusCode } = await linus.post(`${promotion}/review`, verdict);
    expect(statusCode).toBe(403);
    expect(desk.reviews).toEqual([]);
  });

  test('can be looked at, not decided, while no worker answers', async () => {
    await visited.server.close();
    await open({ workersDown: true });
    const ada = await logIn('ada');
    expect((await ada.get('/models')).body).toContain('no worker answers');
    expect((await ada.get(promotion)).body).not.toContain('value="approve"');
  });

  test('PROMOTION_UNKNOWN and DOCUMENT_MISSING are 404', async () => {
    const ada = await logIn('ada');
    expect((await ada.get('/models/other')).statusCode).toBe(404);
    expect((await ada.get(`/documents/${'0'.repeat(64)}/modelCard`)).statusCode).toBe(404);
    expect((await ada.get(`/documents/${candidateDigest}/secrets`)).statusCode).toBe(404);
  });
});

describe('documents', () => {
  test('run nothing: a tear sheet is sandboxed, anything else is plain text', async () => {
    const ada = await logIn('ada');
    const sheet = await ada.get(`/documents/${candidateDigest}/tearSheet`);
    expect(sheet.headers['content-type']).toBe('text/html');
    const card = await ada.get(`/documents/${candidateDigest}/modelCard`);
    expect(card.headers['content-type']).toBe('text/plain; charset=utf-8');
    for (const { headers } of [sheet, card]) {
      expect(headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'; /);
    }
  });
});
