import { request } from 'undici';
import { describe, expect, test } from 'vitest';
import { runCommandLine } from '#console/program.ts';
import { plimsoll, worldOf } from './commandLine.ts';
import { memoryDesk, passwords } from './memoryDesk.ts';
import { candidateDigest } from './memoryEvidence.ts';

const as = (name: string): Record<string, string> => ({
  PLIMSOLL_REVIEWER: name,
  PLIMSOLL_PASSWORD: passwords[name] ?? '',
});
const promotion = 'promote:forecaster:3:first';
const approve = `review approve ${promotion} --digest ${candidateDigest.slice(0, 16)} --comment fine`;

describe('exit codes', () => {
  test('are 0 for help, told on stdout', async () => {
    for (const line of ['', 'help', '--help', 'help review', 'review --help']) {
      const { exitCode, out, error } = await plimsoll(line);
      expect({ line, exitCode, error }).toEqual({ line, exitCode: 0, error: '' });
      expect(out).toContain('Usage: plimsoll');
    }
  });

  test.each([
    ['reveiw list', 'Did you mean review?'],
    ['constructor', "unknown command 'constructor'"],
    ['review', 'a command is missing'],
    ['review approve x', '--digest'],
    ['halt paper-main', '--reason'],
    ['config show --colour', '--colour'],
  ])('are 2 for what is not understood: %s', async (line, hint) => {
    const { exitCode, error, out } = await plimsoll(line);
    expect(exitCode).toBe(2);
    expect(error).toMatch(/^COMMAND_UNKNOWN: .* \/ Read `plimsoll help`/);
    expect(error).toContain(hint);
    expect(out).toBe('');
  });

  test('are 3 for what a rule refuses and 1 for what failed', async () => {
    const refused = await plimsoll(approve, { environment: { ...as('ada'), PLIMSOLL_PASSWORD: 'guess' } });
    expect(refused.exitCode).toBe(3);
    expect(refused.error).toMatch(/^CREDENTIALS_REFUSED: /);
    const failed = await plimsoll('review show promote:other:1:x');
    expect(failed.exitCode).toBe(1);
    expect(failed.error).toMatch(/^PROMOTION_UNKNOWN: .* \/ List those waiting/);
  });

  test('are 1 for settings that are refused, with the nearest key', async () => {
    const { exitCode, error } = await plimsoll('config show', { environment: { PLIMSOLL_TRADING__ACOUNT: 'a' } });
    expect(exitCode).toBe(1);
    expect(error).toContain('did you mean PLIMSOLL_TRADING__ACCOUNT?');
  });
});

describe('--json', () => {
  test.each([
    'config show',
    'review list',
    `review show ${promotion}`,
    'guard status',
    'incidents list',
    'sessions list',
    'schedules list',
  ])('prints one line of JSON wherever it stands: %s', async (line) => {
    for (const placed of [`${line} --json`, `--json ${line}`]) {
      const { exitCode, out } = await plimsoll(placed);
      expect(exitCode).toBe(0);
      expect(out).not.toContain('\n');
      expect(JSON.parse(out)).toBeTypeOf('object');
    }
  });

  test('tells errors as JSON with code, message and action', async () => {
    const { error } = await plimsoll('review show nothing --json');
    expect(JSON.parse(error)).toMatchObject({
      error: { code: 'PROMOTION_UNKNOWN', message: 'no promotion nothing', action: expect.any(String) },
    });
  });
});

describe('review', () => {
  test('show tells the honest verdict beside the gate that opened the review', async () => {
    const { out } = await plimsoll(`review show ${promotion}`);
    expect(out).toContain('honest gate "worth trading": failed');
    expect(out).toContain(candidateDigest);
    expect(out).toMatch(/walkForward\.sharpe +0\.422/);
    expect(out).toMatch(/baseline\.ridge\.sharpe +undefined/);
  });

  test('approve is taken in the name of a person whose password was checked, bound to the digest', async () => {
    const desk = memoryDesk();
    expect((await plimsoll(approve, { desk, environment: as('ada') })).out).toContain('1 of 2, pending');
    expect(desk.reviews[0]?.review.signature).toBe('signed');
    expect(desk.reviews[0]?.review.statement).toMatchObject({
      workflowId: promotion,
      gate: 'plumbing check',
      reviewer: 'ada',
      verdict: 'approve',
      comment: 'fine',
      artifactDigest: candidateDigest,
    });
    expect([desk.closed(), desk.openLogins()]).toEqual([1, 0]);
  });

  test('the same verdict again changes nothing, a second different one of the same person is refused', async () => {
    const desk = memoryDesk();
    const world = { desk, environment: as('ada') };
    await plimsoll(approve, world);
    expect((await plimsoll(approve, world)).exitCode).toBe(0);
    expect(desk.reviews).toHaveLength(1);
    const reject = await plimsoll(approve.replace('approve', 'reject'), world);
    expect(reject.exitCode).toBe(3);
    expect(reject.error).toMatch(/^REVIEW_REPEATED: ada voted already/);
  });

  test.each([
    ['another digest', 'deadbeefdead', {}],
    ['a digest too short to mean anything', 'c0ffee', {}],
    ['a candidate nobody can look at because no worker answers', candidateDigest, { workersDown: true }],
  ])('DIGEST_MISMATCH: %s is not approved', async (_case, digest, faults) => {
    const desk = memoryDesk(faults);
    const line = `review approve ${promotion} --digest ${digest} --comment fine`;
    const { exitCode, error } = await plimsoll(line, { desk, environment: as('ada') });
    expect(exitCode).toBe(3);
    expect(error).toMatch(/^DIGEST_MISMATCH: /);
    expect(desk.reviews).toEqual([]);
  });

  test('CREDENTIALS_MISSING without a name, or without a password and a terminal', async () => {
    expect((await plimsoll(approve)).error).toMatch(/^CREDENTIALS_MISSING: /);
    expect((await plimsoll(approve, { environment: { PLIMSOLL_REVIEWER: 'ada' } })).error).toMatch(
      /^CREDENTIALS_MISSING: /,
    );
    const asked = await plimsoll(`${approve} --reviewer ada`, { secret: passwords.ada ?? '' });
    expect(asked.exitCode).toBe(0);
  });
});

describe('start', () => {
  test.each([
    ['start', { PLIMSOLL_TRADING__BROKER__KIND: 'alpaca' }],
    ['start --unattended', { PLIMSOLL_POSTGRES_URL: 'postgresql://db/plimsoll' }],
  ])('DEMONSTRATION_REFUSED: %s touches nothing real: %o', async (line, given) => {
    const keys = { PLIMSOLL_TRADING__BROKER__KEY_ID: 'key', PLIMSOLL_TRADING__BROKER__SECRET_KEY: 'secret' };
    const { exitCode, error } = await plimsoll(line, { environment: { ...keys, ...given } });
    expect([exitCode, error]).toEqual([3, expect.stringMatching(/^DEMONSTRATION_REFUSED: /)]);
  });
});

describe('halt', () => {
  test('stops an account in the name of any operator, and tells who and why', async () => {
    const desk = memoryDesk();
    const { out, exitCode } = await plimsoll('halt paper-main --reason test', { desk, environment: as('ada') });
    expect(exitCode).toBe(0);
    expect(out).toBe('paper-main is halted: 2 orders cancelled, guard told');
    expect(desk.halts).toEqual([{ account: 'paper-main', by: 'ada', reason: 'test' }]);
  });

  test('CREDENTIALS_REFUSED: is not for whoever is no operator or does not know the password', async () => {
    const desk = memoryDesk();
    for (const environment of [as('linus'), { ...as('ada'), PLIMSOLL_PASSWORD: 'guess' }]) {
      const { exitCode, error } = await plimsoll('halt paper-main --reason test', { desk, environment });
      expect([exitCode, error]).toEqual([3, expect.stringMatching(/^CREDENTIALS_REFUSED: /)]);
    }
    expect(desk.halts).toEqual([]);
  });

  test('closes positions with --liquidate and tells every order', async () => {
    const { out } = await plimsoll('halt paper-main --reason test --liquidate', { environment: as('ada') });
    expect(out).toContain('1 closing orders\n  sell 5 AAPL: acknowledged');
  });

  test('works while no worker answers', async () => {
    const desk = memoryDesk({ workersDown: true });
    const { out, exitCode } = await plimsoll('halt paper-main --reason test --json', { desk, environment: as('ada') });
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ledger: 'halted', cancelled: 2, guard: 'Temporal does not answer' });
  });
});

describe('guard', () => {
  test('status shows PostgreSQL and guard side by side, and that a guard does not answer', async () => {
    expect((await plimsoll('guard status')).out).toMatch(/paper-main +active +active/);
    const desk = memoryDesk({ workersDown: true });
    expect((await plimsoll('guard status', { desk })).out).toMatch(/paper-main +active +no answer/);
    expect((await plimsoll('guard status nobody')).error).toMatch(/^ACCOUNT_UNKNOWN: /);
  });

  test('restart is for operators, and one person cannot ask twice', async () => {
    const desk = memoryDesk();
    expect((await plimsoll('guard restart paper-main', { desk, environment: as('linus') })).exitCode).toBe(3);
    const grace = { desk, environment: as('grace') };
    expect((await plimsoll('guard restart paper-main', grace)).exitCode).toBe(0);
    expect((await plimsoll('guard restart paper-main', grace)).error).toMatch(/^RESTART_SAME_PERSON: /);
  });
});

describe('incidents', () => {
  const key = 'foreignFill:paper-main:e-1';

  test('are listed until an operator acknowledges them', async () => {
    const desk = memoryDesk();
    expect((await plimsoll('incidents list', { desk })).out).toContain('buy 5 AAPL at 130.1 dollars by order by-hand');
    const acknowledge = `incidents acknowledge paper-main ${key}`;
    expect((await plimsoll(acknowledge, { desk, environment: as('linus') })).exitCode).toBe(3);
    expect((await plimsoll(acknowledge, { desk, environment: as('grace') })).exitCode).toBe(0);
    expect((await plimsoll('incidents list paper-main --json', { desk })).out).toBe('[]');
  });

  test('FOREIGN_FILL_UNKNOWN names one that is not there', async () => {
    const { error } = await plimsoll('incidents acknowledge paper-main nothing', { environment: as('grace') });
    expect(error).toMatch(/^FOREIGN_FILL_UNKNOWN: /);
  });
});

test('schedules are let run and held', async () => {
  const desk = memoryDesk();
  await plimsoll('schedules on', { desk });
  expect(desk.schedulesOn()).toBe(true);
  expect((await plimsoll('schedules off', { desk })).out).toMatch(/ingest +held/);
  expect(desk.schedulesOn()).toBe(false);
});

test('audit verify succeeds on a whole chain and names the first broken record of another: AUDIT_BROKEN', async () => {
  expect((await plimsoll('audit verify')).out).toContain('12 records follow from each other');
  const { exitCode, error } = await plimsoll('audit verify', { desk: memoryDesk({ auditBroken: true }) });
  expect(exitCode).toBe(1);
  expect(error).toMatch(/^AUDIT_BROKEN: record 7 /);
});

test('audit verify checks signatures and names what its reviewer did not sign: AUDIT_SIGNATURE_FORGED', async () => {
  expect((await plimsoll('audit verify')).out).toContain('4 signatures hold');
  const { exitCode, error } = await plimsoll('audit verify', { desk: memoryDesk({ signatureForged: true }) });
  expect(exitCode).toBe(1);
  expect(error).toMatch(/^AUDIT_SIGNATURE_FORGED: .*audit record 9/);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 0],
] as const)('console serves until %s, then ends with %d and leaves nothing open', async (signal, exitCode) => {
  const desk = memoryDesk();
  let stop: (signal: 'SIGINT' | 'SIGTERM') => void = () => undefined;
  const stopped = new Promise<'SIGINT' | 'SIGTERM'>((resolve) => {
    stop = resolve;
  });
  const printed: string[] = [];
  const running = runCommandLine(['console', '--port', '0', '--json'], {
    ...worldOf({ desk, stopped }),
    writeOut: (text) => void printed.push(text),
  });
  while (printed.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const { url } = JSON.parse(printed[0] ?? '') as { url: string };
  expect((await request(`${url}health`)).statusCode).toBe(200);
  stop(signal);
  expect(await running).toBe(exitCode);
  expect(desk.closed()).toBe(1);
  await expect(request(`${url}health`)).rejects.toThrow('ECONNREFUSED');
});
