/** Questions about sessions, asked of an account's venue and its clock. */
export interface CalendarActivities {
  /** The last session that has closed at the account's venue. */
  lastClosedSession(account: string): Promise<string>;
  /** The session the account should trade now; undefined when there is none. */
  dueSession(account: string): Promise<string | undefined>;
}
