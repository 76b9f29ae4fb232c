import { seededRandom, shuffled, type Random } from '#domain/random.ts';
import { phases, type Phase } from './phases.ts';
import { runsIn, victims, type Victim } from './victims.ts';

/** What strikes a start, and when: at a fraction of a phase's usual time, or when that phase is over, or as soon as its victims run. */
export interface Strike {
  readonly phase: Phase;
  /** 0 to 1, of the phase's usual time. */
  readonly fraction: number;
  readonly blow: Blow;
}

/** SIGKILL to programs at once or to every process of the start, or what Ctrl-C does, once or twice. */
export type Blow =
  | { readonly kind: 'kill'; readonly victims: readonly Victim[] }
  | { readonly kind: 'killEverything' }
  | { readonly kind: 'interrupt'; readonly times: 1 | 2 };

/** A round: strikes in the order of their phases, on a home of its own or on that of the round before. */
export interface RoundPlan {
  readonly home: 'fresh' | 'kept';
  readonly strikes: readonly Strike[];
}

/** Kinds of rounds, as often as they stand here. */
const kinds = ['one', 'one', 'two', 'two', 'two', 'pair', 'pair', 'everything', 'interrupt', 'interrupt'] as const;
const homes = ['fresh', 'fresh', 'kept'] as const;
/** The life cycle of a kept home is done: its start goes on to the next session. */
const keptPhases: readonly Phase[] = ['servers', 'workers', 'opening', 'session', 'stopping'];

/**
 * The rounds of a seed: the same ones every time. Kinds, phases and victims are dealt from shuffled decks, so that all
 * come before one comes again.
 * @param only this victim alone, alone in its round
 */
export function planRounds(seed: number, rounds: number, only?: Victim): readonly RoundPlan[] {
  const random = seededRandom(seed, 0);
  const decks = {
    kind: new Deck(kinds, random),
    home: new Deck(homes, random),
    fresh: new Deck(phases, random),
    kept: new Deck(keptPhases, random),
    victim: new Deck(only === undefined ? victims : [only], random),
  };
  return Array.from({ length: rounds }, (_, index): RoundPlan => {
    const home = index === 0 ? 'fresh' : decks.home.deal();
    const kind = only === undefined ? decks.kind.deal() : 'one';
    const dealt = Array.from({ length: kind === 'two' ? 2 : 1 }, () => dealPhase(decks[home], only));
    const ordered = dealt.toSorted((a, b) => phases.indexOf(a) - phases.indexOf(b));
    const strikes = ordered.map((phase) => ({
      phase,
      fraction: random(),
      blow: dealBlow(kind, phase, { deck: decks.victim, random }),
    }));
    return { home, strikes };
  });
}

function dealPhase(deck: Deck<Phase>, only: Victim | undefined): Phase {
  return deck.deal((phase) => only === undefined || runsIn(only, phase));
}

function dealBlow(
  kind: (typeof kinds)[number],
  phase: Phase,
  from: { readonly deck: Deck<Victim>; readonly random: Random },
): Blow {
  const { deck, random } = from;
  if (kind === 'everything') return { kind: 'killEverything' };
  if (kind === 'interrupt') return { kind: 'interrupt', times: random() < 0.5 ? 1 : 2 };
  const first = deck.deal((victim) => runsIn(victim, phase));
  if (kind !== 'pair' || isProgram(first) || phase === 'stopping') return { kind: 'kill', victims: [first] };
  const second = deck.deal((victim) => runsIn(victim, phase) && victim !== first && !isProgram(victim));
  return { kind: 'kill', victims: [first, second] };
}

/** With these everything ends: nothing is left for a second victim of the same moment. */
function isProgram(victim: Victim): boolean {
  return victim === 'bootstrap' || victim === 'start';
}

/** Cards dealt in random order; when none that fits is left, all are shuffled in behind the rest. */
class Deck<Card> {
  private left: Card[] = [];
  private readonly cards: readonly Card[];
  private readonly random: Random;

  constructor(cards: readonly Card[], random: Random) {
    this.cards = cards;
    this.random = random;
  }

  deal(fits: (card: Card) => boolean = () => true): Card {
    if (!this.left.some(fits))
      this.left.push(...Array.from(shuffled(this.cards.length, this.random), (at) => this.cards[at]!));
    const at = this.left.findIndex(fits);
    if (at < 0) throw new RangeError('no card fits');
    return this.left.splice(at, 1)[0]!;
  }
}
