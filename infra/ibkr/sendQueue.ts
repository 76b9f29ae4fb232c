/** How a queue sends. */
export interface SendQueueOptions<Message> {
  readonly perSecond: number;
  readonly send: (message: Message) => void;
}

/** Messages in their order, no faster than a rate: what is over it waits. */
export class SendQueue<Message> {
  readonly #options: SendQueueOptions<Message>;
  readonly #intervalMs: number;
  #waiting: Message[] = [];
  #timer: NodeJS.Timeout | undefined;
  #freeAtMs = 0;
  #isStopped = false;

  constructor(options: SendQueueOptions<Message>) {
    this.#options = options;
    this.#intervalMs = 1_000 / options.perSecond;
  }

  push(message: Message): void {
    if (this.#isStopped) return;
    this.#waiting.push(message);
    if (!this.#timer) this.#sendDue();
  }

  /** Sends nothing more; what waits is forgotten. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#waiting = [];
  }

  #sendDue(): void {
    this.#timer = undefined;
    while (this.#waiting.length > 0) {
      const aheadMs = this.#freeAtMs - performance.now();
      if (aheadMs > 0) {
        this.#timer = setTimeout(() => this.#sendDue(), aheadMs);
        return;
      }
      this.#freeAtMs = performance.now() + this.#intervalMs;
      this.#options.send(this.#waiting.shift()!);
    }
  }
}
