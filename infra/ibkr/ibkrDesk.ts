import { setTimeout as delay } from 'node:timers/promises';
import { HistoryGate } from './historyGate.ts';
import { historyPacingRules, type HistoryPacingRules, type PacedQuestion } from './historyPacing.ts';
import { failureOfEnd, failureOfRefusal, ibkrFailure } from './ibkrFailures.ts';
import { connectTws, twsLimits } from './twsConnection.ts';
import type { TwsAddress, TwsConnection, TwsEnd, TwsLimits } from './twsConnection.ts';
import type { TwsEvent } from './twsCodec.ts';
import { TwsLine } from './twsLine.ts';
import { isWarning, meaningOf } from './twsRefusals.ts';
import { TwsRefusal, TwsRequests, TwsSilence, TwsUnreadable, type TwsQuestion } from './twsRequests.ts';

/** How questions of history are asked. */
export interface DeskRules {
  readonly connection: TwsLimits;
  readonly pacing: HistoryPacingRules;
  /** One attempt, from the request to its last row. */
  readonly attemptTimeoutMs: number;
  readonly attemptsMax: number;
  /** Wait before the second attempt; it doubles with each further one, up to a minute. */
  readonly retryWaitMs: number;
  /** Wait after a pacing violation; it doubles likewise, up to the vendor's whole window. */
  readonly pacingWaitMs: number;
}

/** Rules where nobody sets others. */
export const deskRules: DeskRules = {
  connection: twsLimits,
  pacing: historyPacingRules,
  attemptTimeoutMs: 60_000,
  attemptsMax: 6,
  retryWaitMs: 1_000,
  pacingWaitMs: 15_000,
};

/** A question with what failures call it. */
export interface DeskQuestion<Answer> extends Omit<TwsQuestion<Answer>, 'timeoutMs' | 'signal'> {
  /** e.g. `bars of AAPL` */
  readonly asked: string;
  /** Absent for what is not paced as history. */
  readonly pacing?: PacedQuestion;
  /** What stands for an answer where the vendor has no such data; absent where that is a refusal. */
  readonly empty?: Answer;
}

interface Open {
  readonly connection: TwsConnection;
  readonly requests: TwsRequests;
  readonly line: TwsLine;
}

/** Asks TWS on one connection, which it opens when it is needed and again when it was lost. */
export class IbkrDesk {
  readonly #address: TwsAddress;
  readonly #rules: DeskRules;
  readonly #gate: HistoryGate;
  readonly #stop = new AbortController();
  #opening: Promise<Open> | undefined;
  #open: Open | undefined;

  constructor(address: TwsAddress, rules: DeskRules) {
    this.#address = address;
    this.#rules = rules;
    this.#gate = new HistoryGate(rules.pacing);
  }

  /**
   * Asks until it is answered or refused for good; each attempt is paced.
   * @throws Failure PROVIDER_UNREACHABLE, PROVIDER_RATE_LIMITED, PROVIDER_CREDENTIALS_REFUSED, PROVIDER_REFUSED,
   * PROVIDER_ANSWER_UNREADABLE, TWS_CLIENT_ID_TAKEN or TWS_VERSION_UNSUPPORTED
   */
  async ask<Answer>(question: DeskQuestion<Answer>, signal: AbortSignal = this.#stop.signal): Promise<Answer> {
    const { asked } = question;
    const { attemptsMax } = this.#rules;
    const either = AbortSignal.any([signal, this.#stop.signal]);
    for (let attempt = 1; ; attempt += 1) {
      try {
        either.throwIfAborted();
        return await this.#attempt(question, either);
      } catch (error) {
        if (either.aborted) throw ibkrFailure('PROVIDER_UNREACHABLE', { asked, problem: 'withdrawn', cause: error });
        const verdict = judge(error);
        if (verdict.kind === 'empty' && question.empty !== undefined) return question.empty;
        const problem = `${(error as Error).message}; attempt ${attempt}`;
        if (verdict.kind !== 'again' || attempt >= attemptsMax) {
          throw ibkrFailure(verdict.code, { asked, problem, cause: error });
        }
        await this.#rest(verdict.wait, { attempt, signal: either });
      }
    }
  }

  /** Withdraws everything under way and closes the connection. */
  close(): void {
    this.#stop.abort();
    this.#open?.connection.end('we closed it');
  }

  async #attempt<Answer>(question: DeskQuestion<Answer>, signal: AbortSignal): Promise<Answer> {
    const ask = async (): Promise<Answer> => {
      const { requests, line } = await this.#connected();
      if (line.isDown) throw new TwsSilence('TWS has no connection to the vendor');
      return requests.ask({ ...question, timeoutMs: this.#rules.attemptTimeoutMs, signal });
    };
    return question.pacing ? this.#gate.run(question.pacing, { ask, signal }) : ask();
  }

  async #rest(
    wait: 'shortly' | 'paced',
    { attempt, signal }: { readonly attempt: number; readonly signal: AbortSignal },
  ): Promise<void> {
    const { retryWaitMs, pacingWaitMs, pacing } = this.#rules;
    const factor = 2 ** (attempt - 1);
    const waitMs =
      wait === 'paced' ? Math.min(pacingWaitMs * factor, pacing.windowMs) : Math.min(retryWaitMs * factor, 60_000);
    // What else would be asked meanwhile would only be refused likewise.
    if (wait === 'paced') this.#gate.pause(waitMs);
    await delay(waitMs, undefined, { signal }).catch(() => undefined);
  }

  async #connected(): Promise<Open> {
    if (this.#open) return this.#open;
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  #connect(): Promise<Open> {
    return new Promise((resolve, reject) => {
      const line = new TwsLine('lineOnly');
      const connection = connectTws(this.#address, this.#rules.connection, {
        ready: () => {
          this.#open = open;
          resolve(open);
        },
        heard: (events) => events.forEach((event) => hear(event, open)),
        ended: (end) => {
          if (this.#open === open) this.#open = undefined;
          requests.failAll(new TwsSilence(end.reason));
          reject(new TwsEnded(end));
        },
      });
      const requests = new TwsRequests(connection);
      const open = { connection, requests, line };
    });
  }
}

function hear(event: TwsEvent, { requests, line }: Open): void {
  if (event.kind === 'notice') {
    const change = line.take(event);
    if (change && change.now !== 'restored') requests.failAll(new TwsSilence(change.reason));
  } else if (event.kind === 'unreadable') requests.failAll(new TwsUnreadable(event.problem));
  else if (event.kind === 'answer' || !isWarning(event.code)) requests.hear(event);
}

class TwsEnded extends Error {
  readonly end: TwsEnd;

  constructor(end: TwsEnd) {
    super(end.reason);
    this.end = end;
  }
}

type Verdict =
  | { readonly kind: 'empty' | 'final'; readonly code: ReturnType<typeof failureOfRefusal> }
  | { readonly kind: 'again'; readonly wait: 'shortly' | 'paced'; readonly code: ReturnType<typeof failureOfRefusal> };

function judge(error: unknown): Verdict {
  if (error instanceof TwsUnreadable) return { kind: 'final', code: 'PROVIDER_ANSWER_UNREADABLE' };
  if (error instanceof TwsSilence) return { kind: 'again', wait: 'shortly', code: 'PROVIDER_UNREACHABLE' };
  if (error instanceof TwsEnded) {
    const code = failureOfEnd(error.end.kind);
    return error.end.kind === 'versionUnsupported' ? { kind: 'final', code } : { kind: 'again', wait: 'shortly', code };
  }
  if (!(error instanceof TwsRefusal)) throw error;
  const meaning = meaningOf(error);
  const code = failureOfRefusal(meaning);
  if (meaning === 'pacing') return { kind: 'again', wait: 'paced', code };
  if (meaning === 'passing') return { kind: 'again', wait: 'shortly', code };
  return { kind: meaning === 'empty' ? 'empty' : 'final', code };
}
