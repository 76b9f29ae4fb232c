import { setTimeout as delay } from 'node:timers/promises';
import { Agent } from 'undici';
import type { FailureCode } from '#domain/failures/catalogue.ts';
import { Failure } from '#domain/failure.ts';
import { DayQuota } from './dayQuota.ts';
import { BodyTooLarge, connectionProblem, exchange } from './exchange.ts';
import type { HttpAnswer } from './exchange.ts';
import { RatePlan } from './ratePlan.ts';
import type { RateAllowance } from './ratePlan.ts';

/** Limits of every question to a vendor. */
export interface VendorLimits {
  /** One attempt, from connecting to the last byte. */
  readonly attemptTimeoutMs: number;
  /** All attempts of a question with the waits between them; waiting for our own plan is not counted. */
  readonly totalTimeoutMs: number;
  /** All pages of a question, the waits for our own plan included; what a reader does between pages is not counted. */
  readonly pagesTimeoutMs: number;
  readonly attemptsMax: number;
  /** Wait before the second attempt; it doubles with each further one, up to a minute. */
  readonly retryWaitMs: number;
  readonly bodyBytesMax: number;
}

/** How to reach a vendor. */
export interface VendorHttpOptions {
  readonly provider: string;
  /** Sent with every question; credentials belong here where the vendor takes them so. */
  readonly headers: Readonly<Record<string, string>>;
  readonly allowance: RateAllowance;
  /** Requests a day that the plan allows; no bound where absent. */
  readonly requestsPerDay?: number;
  /** Each replaces its default. */
  readonly limits?: Partial<VendorLimits>;
  /** Aborts everything under way and every wait. */
  readonly signal?: AbortSignal;
  /** The vendor's own words out of a refusal's body; the body's beginning where absent or undefined. */
  readonly refusalWords?: (text: string) => string | undefined;
  /** A refusal in the body of an answer with status 200, of vendors that refuse so; undefined for data. */
  readonly refusedWithin?: (text: string) => VendorRefusal | undefined;
}

/** What a vendor said in place of data, in an answer that called itself a success. */
export interface VendorRefusal {
  readonly code: 'PROVIDER_REFUSED' | 'PROVIDER_CREDENTIALS_REFUSED' | 'PROVIDER_RATE_LIMITED';
  /** Its own words, without a key. */
  readonly words: string;
  /** Wait before the next attempt; null where none can change it. */
  readonly againAfterMs: number | null;
}

/** What was wrong, in words without a query, and the error behind it. */
export interface VendorProblem {
  readonly problem: string;
  readonly cause?: unknown;
}

/** Limits of a vendor where nobody sets others. */
export const vendorLimits: VendorLimits = {
  attemptTimeoutMs: 30_000,
  totalTimeoutMs: 300_000,
  // A year of one stock's quotes, ten thousand a page, at two hundred pages a minute takes four hours.
  pagesTimeoutMs: 6 * 3_600_000,
  attemptsMax: 6,
  retryWaitMs: 500,
  bodyBytesMax: 64 * 1024 * 1024,
};

const retryWaitMsMax = 60_000;
const quotedCharactersMax = 300;

/**
 * Reads from a vendor of market data, within its plan. Repeated are 408, 429, 5xx and broken connections, after
 * Retry-After where it is given. No failure tells a query: vendors take keys there.
 */
export class VendorHttp {
  readonly #options: VendorHttpOptions;
  readonly #limits: VendorLimits;
  readonly #plan: RatePlan;
  readonly #quota: DayQuota | undefined;
  readonly #agent: Agent;

  constructor(options: VendorHttpOptions) {
    this.#options = options;
    this.#limits = { ...vendorLimits, ...options.limits };
    this.#plan = new RatePlan(options.allowance);
    this.#quota = options.requestsPerDay === undefined ? undefined : new DayQuota(options.requestsPerDay);
    const timeout = this.#limits.attemptTimeoutMs;
    this.#agent = new Agent({ connectTimeout: timeout, headersTimeout: timeout, bodyTimeout: timeout });
  }

  /** How long the pages of one question may take. */
  get pagesTimeoutMs(): number {
    return this.#limits.pagesTimeoutMs;
  }

  /** Name of the provider, for failures. */
  get provider(): string {
    return this.#options.provider;
  }

  /**
   * The body of a successful answer.
   * @param headers sent beside those of every question
   * @throws Failure PROVIDER_UNREACHABLE, PROVIDER_RATE_LIMITED, PROVIDER_CREDENTIALS_REFUSED, PROVIDER_REFUSED or
   * PROVIDER_ANSWER_OVERSIZED
   */
  async get(url: URL, headers: Readonly<Record<string, string>> = {}): Promise<string> {
    const { attemptsMax, totalTimeoutMs, retryWaitMs } = this.#limits;
    let spentMs = 0;
    for (let attempt = 1; ; attempt += 1) {
      this.#takeOfDay(url);
      await this.#wait(url, this.#plan.take(performance.now()));
      const startedMs = performance.now();
      const outcome = await this.#attempt(url, headers, totalTimeoutMs - spentMs);
      if (outcome.kind === 'answered') return outcome.text;
      spentMs += performance.now() - startedMs;
      const waitMs = outcome.retryAfterMs ?? Math.min(retryWaitMs * 2 ** (attempt - 1), retryWaitMsMax);
      if (attempt >= attemptsMax || spentMs + waitMs >= totalTimeoutMs) {
        throw this.failure(outcome.code, url, {
          problem: `${outcome.problem}; ${attempt} attempts`,
          cause: outcome.cause,
        });
      }
      spentMs += waitMs;
      if (outcome.code === 'PROVIDER_RATE_LIMITED') this.#plan.pause(performance.now(), waitMs);
      else await this.#wait(url, waitMs);
    }
  }

  /** A failure of a question, with the place it was sent to and never its query. */
  failure(code: FailureCode, url: URL, { problem, cause }: VendorProblem): Failure {
    const { provider } = this.#options;
    const details = { provider, host: url.host, path: url.pathname, problem };
    return new Failure(code, `${provider}, ${url.host}${url.pathname}: ${problem}`, details, { cause });
  }

  /** Closes idle connections. */
  async close(): Promise<void> {
    await this.#agent.close();
  }

  #takeOfDay(url: URL): void {
    const freeInMs = this.#quota?.take(performance.now()) ?? 0;
    if (freeInMs === 0) return;
    const problem = `the ${this.#options.requestsPerDay} requests a day of the plan are used up for ${Math.ceil(freeInMs / 60_000)} minutes`;
    throw this.failure('PROVIDER_RATE_LIMITED', url, { problem });
  }

  async #wait(url: URL, waitMs: number): Promise<void> {
    const { signal } = this.#options;
    try {
      if (waitMs > 0) await delay(waitMs, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      throw this.failure('PROVIDER_UNREACHABLE', url, { problem: 'aborted while waiting', cause: error });
    }
  }

  async #attempt(url: URL, own: Readonly<Record<string, string>>, leftMs: number): Promise<Outcome> {
    const { attemptTimeoutMs, bodyBytesMax } = this.#limits;
    const { headers, signal } = this.#options;
    try {
      const timeoutMs = Math.ceil(Math.min(attemptTimeoutMs, leftMs));
      return this.#judge(
        url,
        await exchange(this.#agent, {
          url,
          method: 'GET',
          headers: { accept: 'application/json', ...headers, ...own },
          timeoutMs,
          bodyBytesMax,
          signal,
        }),
      );
    } catch (error) {
      if (error instanceof Failure) throw error;
      if (error instanceof BodyTooLarge)
        throw this.failure('PROVIDER_ANSWER_OVERSIZED', url, { problem: error.message, cause: error });
      const problem = connectionProblem(error);
      if (signal?.aborted === true)
        throw this.failure('PROVIDER_UNREACHABLE', url, { problem: 'aborted', cause: error });
      return { kind: 'failed', code: 'PROVIDER_UNREACHABLE', problem, retryAfterMs: undefined, cause: error };
    }
  }

  #judgeBody(url: URL, text: string): Outcome {
    const refusal = this.#options.refusedWithin?.(text);
    if (refusal === undefined) return { kind: 'answered', text };
    const { code, words, againAfterMs } = refusal;
    const problem = words.slice(0, quotedCharactersMax);
    if (code === 'PROVIDER_RATE_LIMITED' && againAfterMs !== null) {
      return { kind: 'failed', code, problem, retryAfterMs: againAfterMs };
    }
    throw this.failure(code, url, { problem });
  }

  #judge(url: URL, { status, text, retryAfterMs }: HttpAnswer): Outcome {
    if (status === 200) return this.#judgeBody(url, text);
    const words = this.#options.refusalWords?.(text) ?? text;
    const problem = `status ${status}: ${words.slice(0, quotedCharactersMax)}`;
    if (status === 429) return { kind: 'failed', code: 'PROVIDER_RATE_LIMITED', problem, retryAfterMs };
    if (status === 408 || status >= 500) return { kind: 'failed', code: 'PROVIDER_UNREACHABLE', problem, retryAfterMs };
    const isAboutKeys = status === 401 || status === 403;
    throw this.failure(isAboutKeys ? 'PROVIDER_CREDENTIALS_REFUSED' : 'PROVIDER_REFUSED', url, { problem });
  }
}

type Outcome =
  | { readonly kind: 'answered'; readonly text: string }
  | {
      readonly kind: 'failed';
      readonly code: 'PROVIDER_UNREACHABLE' | 'PROVIDER_RATE_LIMITED';
      readonly problem: string;
      readonly retryAfterMs: number | undefined;
      readonly cause?: unknown;
    };
