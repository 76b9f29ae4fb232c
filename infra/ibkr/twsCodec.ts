import { Decoder } from '@stoqey/ib/dist/core/io/decoder.js';
import { Encoder } from '@stoqey/ib/dist/core/io/encoder.js';

/**
 * Server versions that we speak: from 176 on all sizes are shares instead of round lots, and 193 is the last whose fields
 * the library knows. A newer TWS settles on our highest.
 */
export const twsVersions = { min: 176, max: 193 } as const;

/**
 * What a message of TWS meant:
 * - `answer`: data under the library's name of the event, with its arguments, of which nothing is checked yet
 * - `refused`: a request was refused or ended; code and words of the vendor
 * - `notice`: about the connection itself, also by a code
 * - `unreadable`: nothing that the vendor documents; data may have been in it
 */
export type TwsEvent =
  | { readonly kind: 'answer'; readonly name: string; readonly args: readonly unknown[] }
  | { readonly kind: 'refused'; readonly requestId: number; readonly code: number; readonly text: string }
  | { readonly kind: 'notice'; readonly code: number; readonly text: string }
  | { readonly kind: 'unreadable'; readonly problem: string };

/** Writes requests, one a call of the library's encoder. */
export type TwsWrite = (encoder: Encoder) => void;

// The library's own complaints carry codes that TWS never sends of a request it knows.
const libraryComplaints: ReadonlySet<number> = new Set([505, 503]);

/** The library's layouts of fields for one server version. Its socket is not used; docs/decisions tells why. */
export class TwsCodec {
  readonly #serverVersion: number;

  constructor(serverVersion: number) {
    this.#serverVersion = serverVersion;
  }

  /**
   * Fields of every request that is written.
   * @throws RangeError when the library cannot write it for this server version
   */
  encode(write: TwsWrite): readonly (readonly string[])[] {
    const requests: (readonly string[])[] = [];
    write(
      new Encoder({
        serverVersion: this.#serverVersion,
        sendMsg: (...tokens) => requests.push(textsOf(tokens)),
        emitError: (problem) => {
          throw new RangeError(problem);
        },
      }),
    );
    return requests;
  }

  /** What a message means. It never throws: what cannot be read is said. */
  decode(fields: readonly string[]): readonly TwsEvent[] {
    const events: TwsEvent[] = [];
    // A decoder that met a surprise keeps what is left of it, so that each message gets one of its own.
    const decoder = new Decoder({
      serverVersion: this.#serverVersion,
      emitEvent: (name, ...args) => events.push({ kind: 'answer', name, args }),
      emitError: (text, code, requestId = -1) => events.push(complaint(text, { code, requestId })),
      emitInfo: (text, code) => events.push({ kind: 'notice', code, text }),
    });
    try {
      decoder.enqueueMessage([...fields]);
      decoder.process();
    } catch (error) {
      return [{ kind: 'unreadable', problem: (error as Error).message }];
    }
    return events.find(({ kind }) => kind === 'unreadable')
      ? events.filter(({ kind }) => kind === 'unreadable')
      : events;
  }
}

function complaint(text: string, { code, requestId }: { readonly code: number; readonly requestId: number }): TwsEvent {
  if (libraryComplaints.has(code) && requestId === -1) return { kind: 'unreadable', problem: text };
  return requestId <= 0 ? { kind: 'notice', code, text } : { kind: 'refused', requestId, code, text };
}

function textsOf(tokens: readonly unknown[]): readonly string[] {
  return (tokens.flat(Infinity) as readonly unknown[]).map((token) => {
    if (token === undefined || token === null) return '';
    if (typeof token === 'boolean') return token ? '1' : '0';
    if (typeof token === 'string' || typeof token === 'number') return String(token);
    throw new RangeError(`no field of a request: ${typeof token}`);
  });
}
