import { setTimeout as delay } from 'node:timers/promises';
import { Agent, errors, request } from 'undici';
import { Failure } from '#domain/failure.ts';

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

/** What came back: any status, with its body as text. */
export interface AlpacaAnswer {
  readonly status: number;
  readonly text: string;
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
  async get(url: URL): Promise<AlpacaAnswer> {
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
  async send(method: 'POST' | 'DELETE', url: URL, body?: string): Promise<AlpacaAnswer> {
    const { answer } = await this.#exchange(this.#writes, url, { method, body });
    return answer;
  }

  /** Closes idle connections. */
  async close(): Promise<void> {
    await Promise.all([this.#reads.close(), this.#writes.close()]);
  }

  async #attemptRead(url: URL): Promise<ReadOutcome> {
    try {
      const { answer, retryAfterMs } = await this.#exchange(this.#reads, url, { method: 'GET' });
      if (answer.status !== 429 && answer.status < 500) return { answer };
      return { problem: `status ${answer.status}`, retryAfterMs };
    } catch (error) {
      return { problem: describe(error), cause: error };
    }
  }

  async #exchange(
    dispatcher: Agent,
    url: URL,
    { method, body }: { readonly method: 'GET' | 'POST' | 'DELETE'; readonly body?: string | undefined },
  ): Promise<{ readonly answer: AlpacaAnswer; readonly retryAfterMs: number | undefined }> {
    const deadline = AbortSignal.timeout(this.#options.timeoutMs);
    const signal = this.#options.signal;
    const response = await request(url, {
      dispatcher,
      method,
      signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
      headers: {
        'apca-api-key-id': this.#options.credentials.keyId,
        'apca-api-secret-key': this.#options.credentials.secretKey,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body ?? null,
    });
    const text = await response.body.text();
    return { answer: { status: response.statusCode, text }, retryAfterMs: retryAfter(response.headers['retry-after']) };
  }
}

type ReadOutcome =
  | { readonly answer: AlpacaAnswer }
  | { readonly problem: string; readonly retryAfterMs?: number | undefined; readonly cause?: unknown };

/** What went wrong with a connection, in a few words. */
export function describe(error: unknown): string {
  if (error instanceof errors.UndiciError) return error.code;
  if (error instanceof Error) return 'code' in error ? String(error.code) : error.name;
  return String(error);
}

/** Retry-After in seconds (RFC 9110, 10.2.3); its date form compares clocks, which we do not, so it counts as absent. */
function retryAfter(header: string | readonly string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d+$/.test(header) ? Number(header) * 1000 : undefined;
}
