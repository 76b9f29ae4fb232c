import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openConsole, textOf, type VisitedConsole } from './visitedConsole.ts';

let visited: VisitedConsole;
let nowMs: number;
const postgres = { isDown: false };

beforeEach(async () => {
  nowMs = Date.UTC(2026, 10, 21);
  postgres.isDown = false;
  visited = await openConsole({ faults: { postgres }, now: () => nowMs });
});
afterEach(() => visited.server.close());

describe('while PostgreSQL is down', () => {
  test('DATABASE_UNREACHABLE: whoever is not known is told so with 503, and how to halt without it', async () => {
    postgres.isDown = true;
    const { statusCode, body } = await visited.server.inject({
      url: '/accounts',
      headers: { cookie: 'plimsoll-login=x' },
    });
    expect(statusCode).toBe(503);
    expect(body).toContain('PostgreSQL does not answer');
    expect(body).toContain('plimsoll halt ACCOUNT --reason WHY');
  });

  test('a login it confirmed a short while ago still opens pages, which say what is missing', async () => {
    const ada = await visited.logIn('ada');
    postgres.isDown = true;
    const promotion = '/models/promote%3Aforecaster%3A3%3Afirst';
    expect((await ada.get(promotion)).statusCode).toBe(200);
    const text = await textOf(ada, promotion);
    expect(text).toContain('You stay logged in by what it knew at 2026-11-21 00:00 UTC');
    expect(text).toContain('Gate “worth trading”');
    expect(text).toContain('Nothing can be signed');
    const accounts = await ada.get('/accounts');
    expect(accounts.statusCode).toBe(503);
    expect(accounts.body).toContain('action="/halt"');
    expect((await ada.get('/accounts/paper-main')).body).toContain('href="/accounts/paper-main/halt"');
    expect((await ada.get('/sessions')).statusCode).toBe(503);
  });

  test('an account whose name is known is halted as far as can be, and told what is left', async () => {
    const ada = await visited.logIn('ada');
    postgres.isDown = true;
    expect((await ada.get('/halt?account=paper-main')).body).toContain('Halt paper-main now');
    const { body } = await ada.post('/accounts/paper-main/halt', { reason: 'flood' });
    expect(body).toContain('clear, 2 orders cancelled');
    expect(body).toContain('<dd>told</dd>');
    expect(body).toContain('HALT_INCOMPLETE');
    expect(body).toContain('PostgreSQL: connect ECONNREFUSED');
  });

  test('a login is believed for fifteen minutes, and not at all once it ended', async () => {
    const [ada, grace] = [await visited.logIn('ada'), await visited.logIn('grace')];
    await grace.post('/logout');
    postgres.isDown = true;
    expect((await grace.get('/models')).statusCode).toBe(503);
    nowMs += 15 * 60_000 - 1;
    expect((await ada.get('/models')).statusCode).toBe(200);
    nowMs += 1;
    expect((await ada.get('/models')).statusCode).toBe(503);
  });

  test('what PostgreSQL says counts again as soon as it answers', async () => {
    const ada = await visited.logIn('ada');
    postgres.isDown = true;
    expect((await ada.get('/models')).body).toContain('You stay logged in');
    postgres.isDown = false;
    expect((await ada.get('/models')).body).not.toContain('You stay logged in');
    expect((await ada.get('/accounts')).statusCode).toBe(200);
  });
});
