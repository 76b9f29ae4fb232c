/** A purchase that is wanted. */
export interface WantedBuy {
  readonly symbol: string;
  /** Ten-thousandths of a dollar, > 0. */
  readonly price: number;
  /** Shares, whole lots, > 0. */
  readonly quantity: number;
}

/** What holds for purchases that share one sum of cash. */
export interface CashTerms {
  /** Ten-thousandths of a dollar; nothing is bought where it is not positive. */
  readonly available: number;
  readonly lotShares: number;
  /** Cash that a purchase of so many shares takes, costs included: more for more shares. */
  readonly outlayOf: (buy: WantedBuy, quantity: number) => number;
}

/**
 * Purchases cut to the cash there is: all by the same factor, in whole lots, rounded down.
 * @returns shares, shape [buys]
 */
export function buysInProportion(buys: readonly WantedBuy[], terms: CashTerms): readonly number[] {
  const { available, lotShares } = terms;
  const at = (fit: number): readonly number[] =>
    buys.map(({ quantity }) => Math.trunc((quantity * fit) / lotShares) * lotShares);
  const whole = outlay(
    buys,
    buys.map(({ quantity }) => quantity),
    terms,
  );
  if (whole <= available) return at(1);
  const first = available > 0 ? available / whole : 0;
  if (outlay(buys, at(first), terms) <= available) return at(first);
  // Costs are no fixed part of what is bought, where each order pays its own least: the factor is searched for.
  let [fits, exceeds] = [0, first];
  for (let step = 0; step < 50; step += 1) {
    const middle = (fits + exceeds) / 2;
    if (outlay(buys, at(middle), terms) <= available) fits = middle;
    else exceeds = middle;
  }
  return at(fits);
}

/**
 * Purchases cut to the cash there is, and what the rounding left spent too: a lot at a time for who lacks most, until no
 * lot that is wanted can be paid. One that the cut makes worth less than it costs is left to the others.
 * @param isWorth whether so many shares are worth their cost: if they are, more of what is wanted are as well
 * @returns shares, shape [buys]
 */
export function buysToLastLot(
  buys: readonly WantedBuy[],
  terms: CashTerms,
  isWorth: (buy: WantedBuy, quantity: number) => boolean,
): readonly number[] {
  const given = new Map<WantedBuy, number>();
  for (let among = buys; ;) {
    const quantities = spentOn(among, terms);
    const worthless = among.filter((buy, place) => quantities[place]! > 0 && !isWorth(buy, quantities[place]!));
    if (worthless.length > 0) {
      among = among.filter((buy) => !worthless.includes(buy));
      continue;
    }
    for (const [place, buy] of among.entries()) given.set(buy, quantities[place]!);
    break;
  }
  let left = terms.available - outlay([...given.keys()], [...given.values()], terms);
  for (const buy of buys.filter((one) => !given.has(one))) {
    const quantity = mostFor(buy, left, terms);
    if (quantity === 0 || !isWorth(buy, quantity)) continue;
    given.set(buy, quantity);
    left -= terms.outlayOf(buy, quantity);
  }
  return buys.map((buy) => given.get(buy) ?? 0);
}

function spentOn(buys: readonly WantedBuy[], terms: CashTerms): readonly number[] {
  const { available, lotShares, outlayOf } = terms;
  const quantities = [...buysInProportion(buys, terms)];
  let left = available - outlay(buys, quantities, terms);
  const lotOf = (place: number): number => {
    const [buy, quantity] = [buys[place]!, quantities[place]!];
    return outlayOf(buy, quantity + lotShares) - (quantity === 0 ? 0 : outlayOf(buy, quantity));
  };
  const lacksOf = (place: number): number => (buys[place]!.quantity - quantities[place]!) * buys[place]!.price;
  for (;;) {
    const payable = [...buys.keys()].filter((place) => lacksOf(place) > 0 && lotOf(place) <= left);
    const [first, ...others] = payable;
    if (first === undefined) return quantities;
    const neediest = others.reduce((most, place) => (lacksOf(place) > lacksOf(most) ? place : most), first);
    left -= lotOf(neediest);
    quantities[neediest]! += lotShares;
  }
}

/** The most whole lots of a purchase that the cash pays for. */
function mostFor(buy: WantedBuy, available: number, { lotShares, outlayOf }: CashTerms): number {
  let [pays, over] = [0, buy.quantity / lotShares + 1];
  while (over - pays > 1) {
    const middle = Math.floor((pays + over) / 2);
    if (outlayOf(buy, middle * lotShares) <= available) pays = middle;
    else over = middle;
  }
  return pays * lotShares;
}

function outlay(buys: readonly WantedBuy[], quantities: readonly number[], { outlayOf }: CashTerms): number {
  return buys.reduce((sum, buy, place) => (quantities[place]! > 0 ? sum + outlayOf(buy, quantities[place]!) : sum), 0);
}
