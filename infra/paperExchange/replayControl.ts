import { request } from 'undici';
import { z } from 'zod';
import type { MarketClock, MarketPhase, ReplayControl } from '#activities/ports/broker.ts';
import { Failure } from '#domain/failure.ts';
import type { Money } from '#domain/money.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { connectionProblem } from '../http/exchange.ts';
import type { Misbehaviour } from './misbehaviour.ts';

/** Where the control interface is. */
export interface PaperReplayControlOptions {
  readonly url: string;
  readonly controlKey: string;
  /** Default 60,000: one call may replay many sessions, each of them synced to disk. */
  readonly timeoutMs?: number;
}

const clockSchema = z.object({
  marketTimeMs: z.number(),
  session: z.string(),
  phase: z.enum(['beforeOpen', 'open', 'closed']),
});
const sessionsSchema = z.object({ sessions: z.array(z.string()) });
const submissionsSchema = z.object({
  submissions: z.array(z.object({ clientOrderId: z.string(), outcome: z.union([z.literal('accepted'), z.number()]) })),
});

/** A submission as the exchange received it: it became an order, or was refused with Alpaca's code. */
export type ReceivedSubmission = z.infer<typeof submissionsSchema>['submissions'][number];

/** The control interface of our paper exchange. Every call may be repeated. */
export class PaperReplayControl implements ReplayControl {
  readonly #options: PaperReplayControlOptions;

  constructor(options: PaperReplayControlOptions) {
    this.#options = options;
  }

  async openAccount(opening: {
    readonly account: string;
    readonly cash: Money;
    readonly firstSession: SessionDate;
  }): Promise<void> {
    await this.#call('POST', '/replay/accounts', opening);
  }

  async advance(
    account: string,
    to: { readonly session: SessionDate; readonly phase: MarketPhase },
  ): Promise<MarketClock> {
    const answer = clockSchema.parse(
      await this.#call('POST', `/replay/accounts/${encodeURIComponent(account)}/advance`, to),
    );
    return { ...answer, session: sessionDate(answer.session) };
  }

  async sessions(): Promise<readonly SessionDate[]> {
    return sessionsSchema.parse(await this.#call('GET', '/replay/sessions')).sessions.map(sessionDate);
  }

  /** Everything that account submitted and the exchange recorded, in order, kept across crashes. */
  async submissions(account: string): Promise<readonly ReceivedSubmission[]> {
    const path = `/replay/accounts/${encodeURIComponent(account)}/submissions`;
    return submissionsSchema.parse(await this.#call('GET', path)).submissions;
  }

  /** Makes the venue misbehave on the account's next submissions, for tests and chaos. */
  async misbehave(account: string, misbehaviour: Misbehaviour): Promise<void> {
    await this.#call('PUT', `/replay/accounts/${encodeURIComponent(account)}/misbehaviour`, misbehaviour);
  }

  async #call(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<unknown> {
    const url = new URL(path, this.#options.url);
    try {
      const response = await request(url, {
        method,
        signal: AbortSignal.timeout(this.#options.timeoutMs ?? 60_000),
        // Every call may be repeated, so undici may do so on a connection that closed while it was idle.
        idempotent: true,
        headers: {
          authorization: `Bearer ${this.#options.controlKey}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
      });
      const text = await response.body.text();
      if (response.statusCode < 300) return text === '' ? undefined : (JSON.parse(text) as unknown);
      throw refusal(path, response.statusCode, text);
    } catch (error) {
      if (error instanceof Failure) throw error;
      const problem = connectionProblem(error);
      throw new Failure(
        'REPLAY_UNREACHABLE',
        `the paper exchange did not answer ${path}: ${problem}`,
        { path, problem },
        { cause: error },
      );
    }
  }
}

function refusal(path: string, status: number, text: string): Failure {
  const code = status >= 500 ? 'REPLAY_UNREACHABLE' : 'REPLAY_REFUSED';
  return new Failure(code, `the paper exchange refused ${path}: ${text.slice(0, 300)}`, { path, status });
}
