/** A trading session's date at its exchange, `YYYY-MM-DD`: a name, not an instant. Text order is time order. */
export type SessionDate = string & { readonly __brand: 'SessionDate' };

/**
 * Checks and brands a session's date.
 * @param text `YYYY-MM-DD`, a real day of the Gregorian calendar
 * @throws RangeError for anything else
 */
export function sessionDate(text: string): SessionDate {
  const atMs = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(atMs) || new Date(atMs).toISOString().slice(0, 10) !== text) {
    throw new RangeError(`not a session date (YYYY-MM-DD): ${JSON.stringify(text)}`);
  }
  return text as SessionDate;
}
