import { once } from 'node:events';
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { shares } from '#domain/money.ts';
import { isFailure } from '#domain/failure.ts';
import { paperExchangeArguments, startPaperExchange } from '#infra/paperExchange/launch.ts';
import { friday, monday } from './recording.ts';
import { endVenue, intent, openBook, startVenue } from './venue.ts';
import type { Venue } from './venue.ts';

const rounds = 6;
const senders = 4;

interface Course {
  readonly accepted: string[];
  readonly lost: string[];
}

describe('a paper exchange that dies', () => {
  let venue: Venue;
  beforeEach(async () => {
    venue = await startVenue();
  });
  afterEach(async () => endVenue(venue));

  test('by kill -9 under load has lost nothing it answered and doubled nothing, round after round', async () => {
    await openBook(venue, 'book');
    const course: Course = { accepted: [], lost: [] };
    for (let round = 0; round < rounds; round += 1) {
      const answeredBefore = course.accepted.length;
      const sending = Array.from({ length: senders }, async (_, sender) =>
        submitUntilLost(venue, `r${round}-s${sender}`, course),
      );
      while (course.accepted.length < answeredBefore + 20 + 7 * round) await delay(2);
      process.kill(venue.exchange.pid, 'SIGKILL');
      await Promise.all(sending);
      venue = await startVenue(venue.home);
      await settle(venue, course);
    }
    const received = await venue.control.submissions('book');
    const taken = received.filter(({ outcome }) => outcome === 'accepted').map(({ clientOrderId }) => clientOrderId);
    expect(new Set(taken).size).toBe(taken.length);
    expect([...taken].sort()).toEqual([...course.accepted].sort());
    await expectFilledOnce(venue, taken);
  });

  test('while market time moves stands at a whole phase, and moving on again fills each order once', async () => {
    const broker = await openBook(venue, 'book');
    const ids = Array.from({ length: 30 }, (_, index) => `moving-${index}`);
    for (const id of ids) await broker.submit(intent(id, { quantity: shares(1) }));
    const moving = venue.control.advance('book', { session: monday, phase: 'closed' }).catch((error: unknown) => error);
    process.kill(venue.exchange.pid, 'SIGKILL');
    await moving;
    venue = await startVenue(venue.home);
    await venue.control.advance('book', { session: monday, phase: 'closed' });
    await expectFilledOnce(venue, ids);
    expect((await venue.brokerFor('book').positions()).map(({ quantity }) => quantity)).toEqual([30]);
  });

  test('in the middle of writing a line forgets that line, which it never answered', async () => {
    const broker = await openBook(venue, 'book');
    await broker.submit(intent('whole'));
    const journal = path.join(venue.home, 'journal.jsonl');
    const whole = statSync(journal).size;
    // The kernel lets the next line begin and not end.
    execFileSync('/usr/bin/prlimit', [`--fsize=${whole + 100}`, '--pid', String(venue.exchange.pid)]);
    await expect(broker.submit(intent('torn'))).rejects.toMatchObject({ code: 'BROKER_ANSWER_LOST' });
    await vi.waitFor(() => expect(isAlive(venue.exchange.pid)).toBe(false), { timeout: 10_000 });
    expect(statSync(journal).size).toBe(whole + 100);
    venue = await startVenue(venue.home);
    expect(statSync(journal).size).toBe(whole);
    const again = venue.brokerFor('book');
    expect(await again.orderByClientOrderId('torn')).toBeUndefined();
    expect(await again.submit(intent('torn'))).toMatchObject({ kind: 'accepted' });
    await expectFilledOnce(venue, ['whole', 'torn'], 100);
  });

  test('refuses to start on a journal altered in the middle, naming the line', async () => {
    const broker = await openBook(venue, 'book');
    await broker.submit(intent('altered-1'));
    await venue.exchange.stop();
    const journal = path.join(venue.home, 'journal.jsonl');
    writeFileSync(journal, readFileSync(journal, 'utf8').replace('10000000000', '90000000000'));
    const problem = await startPaperExchange(venue.launch).catch((error: unknown) => error);
    expect(problem).toMatchObject({ code: 'PAPER_EXCHANGE_NOT_STARTED' });
    expect(String(problem)).toContain('PAPER_EXCHANGE_JOURNAL_CORRUPT: line 1');
  });

  test('leaves its directory free, while a second one beside a living one is refused', async () => {
    const problem = await startPaperExchange(venue.launch).catch((error: unknown) => error);
    expect(String(problem)).toContain('PAPER_EXCHANGE_IN_USE');
    process.kill(venue.exchange.pid, 'SIGKILL');
    await venue.exchange.stop();
    venue = await startVenue(venue.home);
    expect(await venue.control.sessions()).toHaveLength(4);
  });
});

describe('a paper exchange without its parent', () => {
  test('ends by itself when its standard input closes, if asked to', async () => {
    const venue = await startVenue();
    await venue.exchange.stop();
    const child = spawn(process.execPath, [...paperExchangeArguments(venue.launch), '--exit-with-parent'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [ready] = (await once(child.stdout, 'data')) as [Buffer];
    expect(JSON.parse(ready.toString('utf8'))).toEqual({ port: expect.any(Number) });
    child.stdin.end();
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
    await endVenue(venue);
  });

  test('ends when the program that launched it is killed', async () => {
    const venue = await startVenue();
    await venue.exchange.stop();
    const program = `
      import { startPaperExchange } from '#infra/paperExchange/launch.ts';
      const { pid } = await startPaperExchange(${JSON.stringify(venue.launch)});
      console.log(pid);
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(said.toString('utf8'));
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000 });
    await endVenue(venue);
  });

  test('names what is wrong with its bars instead of starting', async () => {
    const venue = await startVenue();
    await venue.exchange.stop();
    const launch = { ...venue.launch, barsFile: path.join(venue.home, 'control.key') };
    const problem = await startPaperExchange(launch).catch((error: unknown) => error);
    expect(String(problem)).toContain('RECORDED_BARS_UNREADABLE: line 1');
    await endVenue(venue);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Submits one order after another until an answer is lost. */
async function submitUntilLost(venue: Venue, name: string, course: Course): Promise<void> {
  const broker = venue.brokerFor('book');
  for (let index = 0; ; index += 1) {
    const id = `${name}-${index}`;
    try {
      const answer = await broker.submit(intent(id, { quantity: shares(1) }));
      if (answer.kind === 'rejected') throw new Error(answer.reason);
      course.accepted.push(id);
    } catch (error) {
      if (!isFailure(error) || error.code !== 'BROKER_ANSWER_LOST') throw error;
      course.lost.push(id);
      await broker.close();
      return;
    }
  }
}

/** What a lost answer asks for: look the order up; where it is absent, send it again under the same id. */
async function settle(venue: Venue, course: Course): Promise<void> {
  const broker = venue.brokerFor('book');
  for (const id of course.lost.splice(0)) {
    const known = await broker.orderByClientOrderId(id);
    const answer = known ?? (await broker.submit(intent(id, { quantity: shares(1) })));
    expect(answer).not.toMatchObject({ kind: 'rejected' });
    course.accepted.push(id);
  }
  await broker.close();
}

async function expectFilledOnce(venue: Venue, clientOrderIds: readonly string[], sharesEach = 1): Promise<void> {
  await venue.control.advance('book', { session: friday, phase: 'open' }).catch(() => undefined);
  const broker = venue.brokerFor('book');
  const fills = await broker.fills(friday);
  expect(fills.map(({ clientOrderId }) => clientOrderId).sort()).toEqual([...clientOrderIds].sort());
  expect(new Set(fills.map(({ executionId }) => executionId)).size).toBe(fills.length);
  const account = await broker.account();
  const [position] = await broker.positions();
  const held = clientOrderIds.length * sharesEach;
  expect(position?.quantity).toBe(held);
  expect(account.equity).toBe(account.cash + held * (position?.marketPrice ?? 0));
  await broker.close();
}
