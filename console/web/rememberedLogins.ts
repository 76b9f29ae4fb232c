import { createHash } from 'node:crypto';
import type { Person } from '../desk/desk.ts';

/** A login as it was when PostgreSQL last knew it. */
export interface RememberedLogin {
  readonly person: Person;
  /** Wall time, milliseconds since 1970 UTC. */
  readonly checkedAtMs: number;
  /** Set when it is believed from memory, because PostgreSQL is silent. */
  readonly isRecalled?: true;
}

/** How long a login is believed after PostgreSQL last confirmed it. */
const beliefMs = 15 * 60_000;
const loginsMax = 1_000;

/**
 * Logins that PostgreSQL confirmed a short while ago: whoever wants to see or halt an account must not be sent to a
 * login that cannot work while PostgreSQL is down.
 */
export class RememberedLogins {
  readonly #logins = new Map<string, RememberedLogin>();

  /** Notes that PostgreSQL knew a login just now. */
  confirm(token: string, login: RememberedLogin): void {
    const key = keyOf(token);
    // The oldest goes first; deleting moves this one to the young end.
    this.#logins.delete(key);
    this.#logins.set(key, login);
    const oldest = this.#logins.keys().next();
    if (this.#logins.size > loginsMax && !oldest.done) this.#logins.delete(oldest.value);
  }

  /** The login of a token, while it is still believed. */
  recall(token: string, nowMs: number): RememberedLogin | undefined {
    const login = this.#logins.get(keyOf(token));
    return login && nowMs - login.checkedAtMs < beliefMs ? login : undefined;
  }

  /** Forgets a login that ended. */
  forget(token: string): void {
    this.#logins.delete(keyOf(token));
  }
}

function keyOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
