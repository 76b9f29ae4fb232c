import { setTimeout as delay } from 'node:timers/promises';
import { Agent } from 'undici';
import { Failure } from '#domain/failure.ts';
import { connectionProblem, exchange } from '../http/exchange.ts';
import type { HttpAnswer, HttpRequest } from '../http/exchange.ts';

/** An API key pair of one account. */
export interface AlpacaCredentials {
  readonly keyId: string;
  readonly secretKey: string;
}

/** How requests behave. */
export interface AlpacaHttpOptions {
  readonly credentials: AlpacaCredentials;
  /** Limit of one attempt, from connecting to the last byte. */
  readonly timeoutMs: number;
  /** Attempts of a read, the first included. */
  readonly readAttemptsMax: number;
  /** Wait before the second attempt; it doubles with each further one. */
  readonly retryWaitMs: number;
  /** Aborts everything under way and every wait. */
  readonly signal?: AbortSignal;
}

const retryWaitMsMax = 30_000;

/**
 * Requests to Alpaca. Reads are repeated on 429, 5xx and broken connections, after Retry-After where the venue gives
 * it; anything that writes is sent exactly once, on a connection of its own, since a reused one may be closing.
 */
export class AlpacaHttp {
  readonly #options: AlpacaHttpOptions;
  readonly #reads: Agent;
  readonly #writes: Agent;

  constructor(options: AlpacaHttpOptions) {
    this.#options = options;
    const limits = {
      connectTimeout: options.timeoutMs,
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
    };
    this.#reads = new Agent(limits);
    this.#writes = new Agent({ ...limits, pipelining: 0 });
  }

  /**
   * Reads.
   * @throws Failure BROKER_UNREACHABLE when every attempt failed
   */
  async get(url: URL): Promise<HttpAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#attemptRead(url);
      if ('answer' in outcome) return outcome.answer;
      if (attempt >= this.#options.readAttemptsMax || this.#options.signal?.aborted === true) {
        throw new Failure(
          'BROKER_UNREACHABLE',
          `${url.host} did not answer ${url.pathname}: ${outcome.problem}`,
          { host: url.host, path: url.pathname, attempts: attempt, problem: outcome.problem },
          { cause: outcome.cause },
        );
      }
      const waitMs = outcome.retryAfterMs ?? this.#options.retryWaitMs * 2 ** (attempt - 1);
      const signal = this.#options.signal;
      // An abort during the wait ends it; the next attempt then fails at once and is reported above.
      await delay(Math.min(waitMs, retryWaitMsMax), undefined, signal === undefined ? {} : { signal }).catch(() => {});
    }
  }

  /**
   * Writes, exactly once.
   * @throws the connection's own error when no answer came back; the caller knows what a lost answer means
   */
  async send(method: 'POST' | 'DELETE', url: URL, body?: string): Promise<HttpAnswer> {
    return this.#exchange(this.#writes, { url, method, body: body ?? null });
  }

  /** Closes idle connections. */
  async close(): Promise<void> {
    await Promise.all([this.#reads.close(), this.#writes.close()]);
  }

  async #attemptRead(url: URL): Promise<ReadOutcome> {
    try {
      const answer = await this.#exchange(this.#reads, { url, method: 'GET' });
      if (answer.status !== 429 && answer.status < 500) return { answer };
      return { problem: `status ${answer.status}`, retryAfterMs: answer.retryAfterMs };
    } catch (error) {
      return { problem: connectionProblem(error), cause: error };
    }
  }

  #exchange(
    dispatcher: Agent,
    { url, method, body = null }: Pick<HttpRequest, 'url' | 'method' | 'body'>,
  ): Promise<HttpAnswer> {
    const { credentials, timeoutMs, signal } = this.#options;
    return exchange(dispatcher, {
      url,
      method,
      headers: {
        'apca-api-key-id': credentials.keyId,
        'apca-api-secret-key': credentials.secretKey,
        accept: 'application/json',
        ...(body !== null && { 'content-type': 'application/json' }),
      },
      body,
      timeoutMs,
      signal,
    });
  }
}

type ReadOutcome =
  | { readonly answer: HttpAnswer }
  | { readonly problem: string; readonly retryAfterMs?: number | undefined; readonly cause?: unknown };
