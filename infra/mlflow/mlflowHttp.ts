import { setTimeout as delay } from 'node:timers/promises';
import { Agent } from 'undici';
import { Failure } from '#domain/failure.ts';
import { connectionProblem, exchange } from '../http/exchange.ts';
import type { HttpAnswer } from '../http/exchange.ts';

/** How to reach MLflow. */
export interface MlflowHttpOptions {
  /** `http://host:port`, without a path. */
  readonly url: string;
  /** Limit of one attempt, from connecting to the last byte; 20 seconds when absent. */
  readonly timeoutMs?: number;
  /** Attempts of a call, the first included; 4 when absent. */
  readonly attemptsMax?: number;
}

/** A call to MLflow. */
export interface MlflowCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the server's address, e.g. `/api/2.0/mlflow/runs/create`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as they are, with their media type. */
  readonly content?: { readonly bytes: Uint8Array; readonly type: string };
  /** `create`: a second arrival would make a second thing, so the call is repeated only when surely nothing was done. */
  readonly kind: 'idempotent' | 'create';
}

const retryWaitMs = 250;

/**
 * Requests to MLflow's REST interface. Idempotent calls are repeated on every fault; creates only when no connection
 * came about, or on 408 and 429: after any other fault they may have been done.
 */
export class MlflowHttp {
  readonly #url: string;
  readonly #timeoutMs: number;
  readonly #attemptsMax: number;
  readonly #agent: Agent;

  constructor({ url, timeoutMs = 20_000, attemptsMax = 4 }: MlflowHttpOptions) {
    this.#url = url.replace(/\/+$/, '');
    this.#timeoutMs = timeoutMs;
    this.#attemptsMax = attemptsMax;
    this.#agent = new Agent({ connectTimeout: timeoutMs, headersTimeout: timeoutMs, bodyTimeout: timeoutMs });
  }

  /** The server's address, without a slash at its end. */
  get url(): string {
    return this.#url;
  }

  /**
   * Answers with the JSON that came back.
   * @throws Failure REGISTRY_UNREACHABLE after the last attempt
   * @throws MlflowRefusal when MLflow answers with an error of its own
   */
  async call<Answer>(call: MlflowCall): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#attempt(call);
      if (outcome.kind === 'answered') return JSON.parse(outcome.text || '{}') as Answer;
      const repeatable = call.kind === 'idempotent' || outcome.surelyNotDone;
      if (!repeatable || attempt >= this.#attemptsMax) {
        throw new Failure(
          'REGISTRY_UNREACHABLE',
          `MLflow failed ${call.path}: ${outcome.problem}`,
          { path: call.path, problem: outcome.problem, attempts: attempt },
          { cause: outcome.cause },
        );
      }
      await delay(retryWaitMs * 2 ** (attempt - 1));
    }
  }

  /** Closes idle connections. */
  async close(): Promise<void> {
    await this.#agent.close();
  }

  async #attempt(call: MlflowCall): Promise<Outcome> {
    let answer: HttpAnswer;
    try {
      answer = await this.#send(call);
    } catch (error) {
      const code = connectionProblem(error);
      return { kind: 'failed', problem: code, surelyNotDone: neverConnected.test(code), cause: error };
    }
    const { status, text } = answer;
    if (status < 400) return { kind: 'answered', text };
    const problem = `status ${status}: ${text.slice(0, 500)}`;
    if (status === 408 || status === 429) return { kind: 'failed', problem, surelyNotDone: true };
    if (status >= 500) return { kind: 'failed', problem, surelyNotDone: false };
    throw new MlflowRefusal(call.path, status, text);
  }

  #send({ method, path, query, json, content }: MlflowCall): Promise<HttpAnswer> {
    const body = content ? content.bytes : json === undefined ? null : JSON.stringify(json);
    const url = new URL(this.#url + path);
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.append(name, value);
    return exchange(this.#agent, {
      url,
      method,
      headers: body === null ? {} : { 'content-type': content?.type ?? 'application/json' },
      body,
      timeoutMs: this.#timeoutMs,
    });
  }
}

/** MLflow's own refusal, before a caller says what it means; left alone, it is Failure REGISTRY_REFUSED. */
export class MlflowRefusal extends Failure {
  /** E.g. `RESOURCE_DOES_NOT_EXIST`; empty when the answer was not MLflow's JSON. */
  readonly errorCode: string;
  /** MLflow's words, or the answer's text. */
  readonly reason: string;

  constructor(path: string, status: number, text: string) {
    const { errorCode, reason } = refusalOf(text);
    super('REGISTRY_REFUSED', `MLflow refused ${path}: ${reason}`, { path, status, errorCode });
    this.errorCode = errorCode;
    this.reason = reason;
  }
}

type Outcome =
  | { readonly kind: 'answered'; readonly text: string }
  | { readonly kind: 'failed'; readonly problem: string; readonly surelyNotDone: boolean; readonly cause?: unknown };

const neverConnected = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

function refusalOf(text: string): { readonly errorCode: string; readonly reason: string } {
  try {
    const { error_code: errorCode, message } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (typeof errorCode === 'string' && typeof message === 'string') return { errorCode, reason: message };
  } catch {
    // Not JSON: the server's front, a proxy, or the Host check, in plain text.
  }
  return { errorCode: '', reason: text.slice(0, 500) };
}
