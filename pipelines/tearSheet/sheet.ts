import type { WeighedGate } from '#domain/promotion.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { RiskRecord } from '../backtest/playStrategy.ts';
import type { HeldBook } from '../stress/heldBook.ts';

/** Why a part is not on a sheet: a sentence. */
export interface Unknown {
  readonly unknown: string;
}

/** A part of a sheet, or why there is none: nothing is left out without a word, and nothing is drawn empty. */
export type Known<Part extends object> = Part | Unknown;

/** Everything a tear sheet shows; plain JSON. Returns are daily, simple, fractions, of `sessions`. */
export interface TearSheet {
  readonly title: string;
  readonly subtitle: string;
  /** Ascending, at least one. */
  readonly sessions: readonly SessionDate[];
  readonly strategy: readonly number[];
  readonly benchmark: Known<readonly number[]>;
  /** By name; three at most are drawn. */
  readonly baselines: Readonly<Record<string, readonly number[]>>;
  /** Figures by column: `strategy` first, then `benchmark` and the baselines. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
  readonly windows: Known<readonly SheetWindow[]>;
  readonly monteCarlo: Known<SheetSimulation>;
  /** Gates as the figures meet them, the one that decides first; none where nothing is weighed. */
  readonly gates: readonly WeighedGate[];
  /** What limits and breaker did to the strategy's account, by what was judged, e.g. `procedure`. */
  readonly risk: Known<Readonly<Record<string, RiskRecord>>>;
  readonly exposure: Known<readonly number[]>;
  readonly turnover: Known<readonly number[]>;
  readonly costs: Known<SheetCosts>;
  readonly trades: Known<readonly SheetTrade[]>;
  /** What the account held when it held most, and how that opened; stress rests on it. */
  readonly book: Known<HeldBook>;
  /** What the figures do not say, in sentences. */
  readonly caveats?: readonly string[];
}

/** One test window of the walk-forward. */
export interface SheetWindow {
  readonly index: number;
  /** Sessions it trained on, first and last; absent where they are not known. */
  readonly train?: { readonly from: string; readonly to: string };
  readonly testFrom: string;
  readonly testTo: string;
  readonly sharpe: number | null;
  readonly totalReturn: number;
}

/** What the simulation found. */
export interface SheetSimulation {
  /** How paths were made, as a sentence. */
  readonly method: string;
  /** Growth of one dollar by percentile, evenly spaced from the first session to the last; ascending percentiles. */
  readonly fan: readonly { readonly percentile: number; readonly values: readonly number[] }[];
  readonly summary: Readonly<Record<string, number | null>>;
}

/** What trading cost. */
export interface SheetCosts {
  /** Dollars by kind, e.g. `commission`; positive is paid. */
  readonly dollars: Readonly<Record<string, number>>;
  /** Notional traded, dollars; null where it is unknown. */
  readonly tradedDollars: number | null;
}

/** A position from its opening to its end. */
export interface SheetTrade {
  readonly symbol: string;
  readonly side: 'long' | 'short';
  /** Shares, the most that were held. */
  readonly quantity: number;
  readonly openedOn: SessionDate;
  readonly closedOn: SessionDate;
  /** After costs, dollars. */
  readonly profitDollars: number;
  /** Of what the entry was worth, a fraction; null where that is unknown. */
  readonly profitFraction: number | null;
}

/** Whether a part is not known. */
export function isUnknown(part: object): part is Unknown {
  return 'unknown' in part;
}

/** The part, or undefined where it is not known. */
export function knownOf<Part extends object>(part: Known<Part>): Part | undefined {
  return isUnknown(part) ? undefined : part;
}
