import type { BreakerState, Losses } from './breaker.ts';
import { digestOf } from './sha256.ts';

/** The equity that a breaker weighed, and what it had lost; amounts in ten-thousandths of a dollar. */
export interface WeighedEquity extends Losses {
  readonly equity: number;
  readonly dayOpenEquity: number;
  readonly highWaterMark: number;
}

/** Somebody's word that an account must be stricter. */
export interface Tightening {
  readonly account: string;
  readonly state: Exclude<BreakerState, 'active'>;
  readonly reason: string;
  /** A person, or `breaker`. */
  readonly by: string;
  /** What the breaker weighed; absent where it was a person's word. */
  readonly figures?: WeighedEquity;
}

/** An account's row after it was asked to be stricter. */
export interface TightenedRow {
  readonly state: BreakerState;
  readonly reason: string;
  readonly changedBy: string;
  /** Changes of the trading state so far. */
  readonly changes: number;
}

/** The audit event of a tightening; the same word, repeated or passed on by the kill switch, gives the same event. */
export interface TighteningEvent {
  readonly key: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * What the audit chain keeps of a tightening. The change that a person's word made is kept once, whoever writes it
 * down; a word that found the account as strict already is kept under a key of its own.
 */
export function tighteningEvent(request: Tightening, row: TightenedRow): TighteningEvent {
  const { account, state, reason, by, figures } = request;
  const isThisChange = row.state === state && row.reason === reason && row.changedBy === by && figures === undefined;
  const change = `tighten:${account}:${state}:${row.changes}`;
  return {
    key: isThisChange ? change : `${change}:${digestOf(request)}`,
    actor: by,
    action: `account.${row.state}`,
    subject: `account:${account}`,
    body: { asked: state, reason, ...(figures && { figures }) },
  };
}
