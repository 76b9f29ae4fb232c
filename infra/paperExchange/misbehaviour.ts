/** How the venue treats the next submissions on purpose, for tests and chaos. */
export type Misbehaviour =
  /** Takes the order, then cuts the connection instead of answering. */
  | { readonly kind: 'dropAnswer'; readonly times: number }
  /** Cuts the connection before the order is taken. */
  | { readonly kind: 'dropRequest'; readonly times: number }
  /** Answers 500 and takes nothing. */
  | { readonly kind: 'failBefore'; readonly times: number }
  /** Takes and answers, but only after a while. */
  | { readonly kind: 'delay'; readonly times: number; readonly delayMs: number };

/** Switches of one exchange, kept in memory only: a restarted exchange behaves. */
export class MisbehaviourSwitches {
  readonly #byAccount = new Map<string, Misbehaviour>();

  /** Sets an account's misbehaviour; `times: 0` ends it. */
  set(account: string, misbehaviour: Misbehaviour): void {
    if (misbehaviour.times === 0) this.#byAccount.delete(account);
    else this.#byAccount.set(account, misbehaviour);
  }

  /** What happens to this submission; each asking uses one time up. */
  next(account: string): Misbehaviour | undefined {
    const current = this.#byAccount.get(account);
    if (current !== undefined) this.set(account, { ...current, times: current.times - 1 });
    return current;
  }
}
