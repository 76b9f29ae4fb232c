/** What happened, by whom, to what. */
export interface AuditEvent {
  /** Business identity of the event: a second append under it changes nothing. */
  readonly key: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  /** Plain JSON, small, no secrets. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A record of the chain: `hash` is SHA-256 over the record and the hash before it. */
export interface AuditRecord extends AuditEvent {
  readonly sequence: number;
  readonly recordedAtMs: number;
  readonly previousHash: string;
  readonly hash: string;
}

/** The audit chain in PostgreSQL. */
export interface AuditLog {
  append(event: AuditEvent): Promise<AuditRecord>;
  records(filter?: { readonly subject?: string; readonly limit?: number }): Promise<readonly AuditRecord[]>;
  /** Recomputes the chain; the first record that does not follow from the one before is named. */
  verify(): Promise<{
    readonly records: number;
    readonly verified: boolean;
    readonly brokenAt?: number;
    readonly headHash: string;
  }>;
}
