/** State of the way from TWS to the vendor, as notices tell it; the socket to TWS itself lives on meanwhile. */
export interface LineChange {
  /** `restored`: requests and subscriptions stand as before. `restoredEmpty`: they are to be made again. */
  readonly now: 'down' | 'restored' | 'restoredEmpty';
  readonly reason: string;
}

// TWS API, "System message codes".
const [lost, restoredDataLost, restoredDataKept, broken] = [1100, 1101, 1102, 2110];
const [marketFarmBroken, marketFarmUp, marketFarmIdle, farmConnecting] = [2103, 2104, 2108, 2119];

/**
 * Follows what TWS says about its own connections. A market data farm counts only when it was up on this connection
 * before: others, e.g. of markets nobody asked for, may be down for ever.
 */
export class TwsLine {
  readonly #needs: 'lineOnly' | 'marketFarms';
  readonly #farmsUp = new Set<string>();
  readonly #farmsBroken = new Set<string>();
  #isLost = false;

  /** @param needs history has farms of its own, and goes on while those of live data are down */
  constructor(needs: 'lineOnly' | 'marketFarms') {
    this.#needs = needs;
  }

  get isDown(): boolean {
    return this.#isLost || this.#farmsBroken.size > 0;
  }

  /** @returns what changed, if anything */
  take({ code, text }: { readonly code: number; readonly text: string }): LineChange | undefined {
    const was = this.isDown;
    const reason = `${code} ${text}`;
    if (code === lost || code === broken) this.#isLost = true;
    else if (code === restoredDataLost || code === restoredDataKept) {
      this.#isLost = false;
      // Farms tell of themselves anew.
      this.#farmsBroken.clear();
      if (code === restoredDataLost) return { now: 'restoredEmpty', reason };
    } else if (this.#needs === 'marketFarms') this.#takeFarm(code, farmOf(text));
    if (was === this.isDown) return undefined;
    return { now: this.isDown ? 'down' : 'restored', reason };
  }

  #takeFarm(code: number, farm: string): void {
    if (code === marketFarmUp || code === marketFarmIdle) {
      this.#farmsUp.add(farm);
      this.#farmsBroken.delete(farm);
    } else if ((code === marketFarmBroken || code === farmConnecting) && this.#farmsUp.has(farm)) {
      this.#farmsBroken.add(farm);
    }
  }
}

/** `Market data farm connection is OK:usfarm` */
function farmOf(text: string): string {
  return text.slice(text.lastIndexOf(':') + 1).trim();
}
