import type { TwsEvent, TwsWrite } from './twsCodec.ts';
import type { TwsConnection } from './twsConnection.ts';

/** What concerns one request. */
export type RequestEvent = Extract<TwsEvent, { readonly kind: 'answer' | 'refused' }>;

/** A refusal of a request, with the vendor's code and words. */
export class TwsRefusal extends Error {
  readonly code: number;
  readonly text: string;

  constructor({ code, text }: { readonly code: number; readonly text: string }) {
    super(`${code} ${text}`);
    this.code = code;
    this.text = text;
  }
}

/** The connection ended, or did not answer, before the request was answered. */
export class TwsSilence extends Error {}

/** An answer is not what the vendor documents. */
export class TwsUnreadable extends Error {}

/** A request with an answer that ends. */
export interface TwsQuestion<Answer> {
  readonly write: (requestId: number) => TwsWrite;
  /** Takes one event of it. @returns the answer once it is whole; throws TwsUnreadable for a surprise */
  readonly take: (event: Extract<RequestEvent, { kind: 'answer' }>) => Answer | undefined;
  /** Withdraws it. */
  readonly cancel?: (requestId: number) => TwsWrite;
  readonly timeoutMs: number;
  /** Withdraws it and fails. */
  readonly signal?: AbortSignal;
}

interface Waiting {
  readonly hear: (event: RequestEvent) => void;
  readonly fail: (error: Error) => void;
}

/** Requests under way on one connection, by their numbers. */
export class TwsRequests {
  readonly #connection: TwsConnection;
  readonly #waiting = new Map<number, Waiting>();

  constructor(connection: TwsConnection) {
    this.#connection = connection;
  }

  /** Hands an event to its request. @returns whether one waits for it */
  hear(event: RequestEvent): boolean {
    const id = event.kind === 'refused' ? event.requestId : event.args[0];
    const waiting = typeof id === 'number' ? this.#waiting.get(id) : undefined;
    waiting?.hear(event);
    return waiting !== undefined;
  }

  /** Fails every request under way. */
  failAll(error: Error): void {
    for (const { fail } of this.#waiting.values()) fail(error);
  }

  /**
   * Asks once.
   * @throws TwsRefusal, TwsSilence or TwsUnreadable
   */
  ask<Answer>({ write, take, cancel, timeoutMs, signal }: TwsQuestion<Answer>): Promise<Answer> {
    const id = this.#connection.nextRequestId();
    return new Promise<Answer>((resolve, reject) => {
      const withdraw = (reason: string): void => {
        if (cancel) this.#connection.send(cancel(id));
        fail(new TwsSilence(reason));
      };
      const timer = setTimeout(() => withdraw(`no answer in ${timeoutMs} ms`), timeoutMs);
      const abort = (): void => withdraw('withdrawn');
      const settle = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        this.#waiting.delete(id);
      };
      const fail = (error: Error): void => {
        settle();
        reject(error);
      };
      const hear = (event: RequestEvent): void => {
        if (event.kind === 'refused') return fail(new TwsRefusal(event));
        try {
          const answer = take(event);
          if (answer === undefined) return;
          settle();
          resolve(answer);
        } catch (error) {
          fail(error as Error);
        }
      };
      this.#waiting.set(id, { hear, fail });
      signal?.addEventListener('abort', abort, { once: true });
      if (signal?.aborted) abort();
      else this.#connection.send(write(id));
    });
  }
}
