import type { SessionDate } from '#domain/sessionDate.ts';

/** Sessions from and to, both inclusive. */
export interface SessionSpan {
  readonly from: SessionDate;
  readonly to: SessionDate;
}

/** Rows of a span in a list of sessions: `first` inclusive, `end` exclusive; equal when none lies in it. */
export interface SpanRows {
  readonly first: number;
  readonly end: number;
}

/**
 * Where a span lies in ascending sessions; its ends need not be sessions themselves.
 * @param sessions ascending
 */
export function rowsOfSpan(sessions: readonly SessionDate[], span: SessionSpan): SpanRows {
  const from = sessions.findIndex((session) => session >= span.from);
  const after = sessions.findIndex((session) => session > span.to);
  const first = from === -1 ? sessions.length : from;
  return { first, end: Math.max(first, after === -1 ? sessions.length : after) };
}

/** The sessions of all bars, each once, ascending. */
export function unionOfSessions(
  columns: readonly { readonly sessions: readonly SessionDate[] }[],
): readonly SessionDate[] {
  const union = new Set<SessionDate>();
  for (const { sessions } of columns) for (const session of sessions) union.add(session);
  return [...union].toSorted();
}
