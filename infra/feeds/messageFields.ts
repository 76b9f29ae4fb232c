import type { VendorSaid } from './vendorProtocol.ts';

/** Fields of one vendor's message, each checked as it is read. */
export class MessageFields {
  readonly #message: Readonly<Record<string, unknown>>;

  /** @throws RangeError for what is no object */
  constructor(message: unknown) {
    if (typeof message !== 'object' || message === null) throw new RangeError('a message is no object');
    this.#message = message as Readonly<Record<string, unknown>>;
  }

  has(name: string): boolean {
    return this.#message[name] !== undefined;
  }

  /** @throws RangeError unless the field is a text */
  text(name: string): string {
    const value = this.#message[name];
    return typeof value === 'string' ? value : this.#refuse(name);
  }

  /** @throws RangeError unless the field is a finite number of at least 0 */
  figure(name: string): number {
    const value = this.#message[name];
    return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : this.#refuse(name);
  }

  /** An id, as text. @throws RangeError unless the field is a text or a whole number */
  id(name: string): string {
    const value = this.#message[name];
    return typeof value === 'string' || Number.isInteger(value) ? String(value) : this.#refuse(name);
  }

  /** Texts; none where the field is absent. @throws RangeError for anything else */
  texts(name: string): readonly string[] {
    const value = this.#message[name] ?? [];
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : this.#refuse(name);
  }

  /** Whole numbers; none where the field is absent. @throws RangeError for anything else */
  codes(name: string): readonly number[] {
    const value = this.#message[name] ?? [];
    return Array.isArray(value) && value.every((item) => Number.isInteger(item)) ? value : this.#refuse(name);
  }

  #refuse(name: string): never {
    throw new RangeError(`its ${name} is ${JSON.stringify(this.#message[name])}`);
  }
}

/**
 * What each message of a frame says; vendors send arrays of them. A frame or message that cannot be read is said to be
 * so, and the others are heard all the same.
 * @param hear throws RangeError for a message it cannot read
 */
export function heardOf(frame: string, hear: (fields: MessageFields) => readonly VendorSaid[]): readonly VendorSaid[] {
  let messages: readonly unknown[];
  try {
    messages = messagesOf(frame);
  } catch (error) {
    return [unreadable(error)];
  }
  return messages.flatMap((message) => {
    try {
      return hear(new MessageFields(message));
    } catch (error) {
      return [unreadable(error)];
    }
  });
}

function unreadable(error: unknown): VendorSaid {
  return { kind: 'unreadable', problem: (error as Error).message };
}

/** @throws RangeError for what is no JSON or no array */
function messagesOf(frame: string): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch (error) {
    throw new RangeError((error as Error).message, { cause: error });
  }
  if (!Array.isArray(value)) throw new RangeError('a frame is no array of messages');
  return value;
}
