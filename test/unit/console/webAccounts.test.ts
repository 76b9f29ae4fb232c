import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MemoryDesk, MemoryDeskFaults } from './memoryDesk.ts';
import { openConsole, type VisitedConsole } from './visitedConsole.ts';

let visited: VisitedConsole;
let desk: MemoryDesk;
let errors: unknown[];

async function open(faults: MemoryDeskFaults = {}): Promise<void> {
  visited = await openConsole({ faults, now: () => Date.UTC(2026, 10, 21) });
  ({ desk, errors } = visited);
}

beforeEach(() => open());
afterEach(() => visited.server.close());

const logIn: VisitedConsole['logIn'] = (name) => visited.logIn(name);

describe('accounts', () => {
  test('are halted by operators, after being asked once more, and tell what was reached', async () => {
    const grace = await logIn('grace');
    expect((await grace.get('/accounts')).body).toContain('href="/accounts/paper-main/halt"');
    expect((await grace.get('/accounts/paper-main/halt')).body).toContain('Halt paper-main now');
    const { body } = await grace.post('/accounts/paper-main/halt', { reason: 'strange fills' });
    expect(body).toContain('2 orders cancelled');
    expect(desk.halts).toEqual([{ account: 'paper-main', by: 'grace', reason: 'strange fills' }]);
    expect((await grace.get('/accounts')).body).toContain('PostgreSQL: halted');
  });

  test('HALT_INCOMPLETE is told with what failed, and logged', async () => {
    await visited.server.close();
    await open({ brokerDown: true });
    const ada = await logIn('ada');
    const { statusCode, body } = await ada.post('/accounts/paper-main/halt', { reason: 'test' });
    expect(statusCode).toBe(500);
    expect(body).toContain('the broker does not answer');
    expect(errors).toHaveLength(1);
    expect(desk.halts).toHaveLength(1);
  });

  test('show a guard that does not answer as such', async () => {
    await visited.server.close();
    await open({ workersDown: true });
    expect((await (await logIn('ada')).get('/accounts')).body).toContain('guard: no answer');
  });

  test('show the drawdown against its levels, the last day, and what to do next', async () => {
    const grace = await logIn('grace');
    const { body } = await grace.get('/accounts');
    expect(body).toContain('5.00 %');
    expect(body.replaceAll(/\s+/g, ' ')).toContain('reduces over 7.00 %, halts over 10.00 %');
    expect(body).toContain('2023-06-26: 4 orders, 1 fill, books agree');
    expect(body).toContain('Nothing: trading is allowed.');
    await grace.post('/accounts/paper-main/halt', { reason: 'test' });
    expect((await grace.get('/accounts')).body).toContain('two operators ask for restart');
    await grace.post('/accounts/paper-main/restart');
    expect((await grace.get('/accounts')).body).toContain('a second, different operator confirms');
  });

  test('are halted and restarted only by operators', async () => {
    const linus = await logIn('linus');
    for (const act of ['halt', 'restart']) {
      expect((await linus.post(`/accounts/paper-main/${act}`, { reason: 'test' })).statusCode).toBe(403);
    }
    expect(desk.halts).toEqual([]);
    const grace = await logIn('grace');
    await grace.post('/accounts/paper-main/halt', { reason: 'test' });
    expect((await grace.get('/accounts')).body).toContain('Ask for restart');
    expect((await grace.post('/accounts/paper-main/restart')).statusCode).toBe(303);
    expect((await grace.get('/accounts')).body).toContain('Restart asked by');
  });
});

test('sessions show equity in dollars and whether the books agree', async () => {
  const { body } = await (await logIn('ada')).get('/sessions');
  expect(body).toContain('2023-06-26');
  expect(body).toContain('$100,012.34');
  expect(body).toContain('agree');
});
