import type { Fill, OrderState } from '#domain/order.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { SignedReview } from '#domain/reviewStatement.ts';
import type { Admissions } from '#infra/postgres/admissions.ts';
import type { Lineage } from '#infra/postgres/lineage/lineage.ts';
import type { SnapshotShelf } from '#infra/snapshots/snapshotShelf.ts';
import type { TrackedRuns } from '#infra/mlflow/trackedRuns.ts';
import type { TradingStatuses } from '#infra/postgres/tradingStatuses.ts';
import type { SigningKey } from '#infra/postgres/signingKeys.ts';
import type { GuardStatus, PromotionStatus, ReviewReceipt } from '#workflows/messages.ts';
import type { Books } from './bookDesk.ts';
import type { Models } from './modelDesk.ts';
import type { Origins } from './originDesk.ts';
import type { HandStarts } from './startDesk.ts';
import type { Trainings } from './trainingDesk.ts';
import type { Validations } from './validationDesk.ts';

/** A promotion as people are shown it. */
export interface PromotionView {
  readonly workflowId: string;
  readonly startedAtMs: number;
  readonly closed: boolean;
  /** Absent when no worker answers. */
  readonly status?: PromotionStatus;
}

/** A document of a candidate: where its bytes are and what they are. */
interface CandidateDocument {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** What a validation found, for people. */
export interface CandidateFigures {
  /** Named figures; null where a statistic is undefined. */
  readonly figures: Readonly<Record<string, number | null>>;
  readonly documents: readonly DocumentKind[];
}

/** Documents a validation writes. */
export type DocumentKind = 'modelCard' | 'tearSheet';

/** Promotions: what waits for people, and their verdicts. */
export interface Promotions {
  /** Promotions under way and the last that ended, newest first. */
  list(): Promise<readonly PromotionView[]>;
  /** @throws Failure PROMOTION_UNKNOWN */
  find(workflowId: string): Promise<PromotionView>;
  /** Undefined when the artifact was never validated. */
  figures(artifactDigest: string): Promise<CandidateFigures | undefined>;
  /** @throws Failure DOCUMENT_MISSING */
  document(artifactDigest: string, kind: DocumentKind): Promise<CandidateDocument>;
  /**
   * Hands a signed verdict to the promotion; the same update id again answers the same.
   * @throws Failure PROMOTION_UNKNOWN, or the refusal of the promotion's own rules
   */
  review(request: {
    readonly workflowId: string;
    readonly updateId: string;
    readonly review: SignedReview;
  }): Promise<ReviewReceipt>;
}

/** A trading session as people are shown it. */
export interface SessionView {
  readonly session: string;
  readonly closed: boolean;
  /** Plain JSON, as the session wrote it at its end. */
  readonly report: Readonly<Record<string, unknown>>;
}

/** An account as PostgreSQL has it; amounts in ten-thousandths of a dollar. */
export interface AccountView {
  readonly account: string;
  readonly broker: string;
  readonly state: 'active' | 'reducing' | 'halted';
  readonly reason: string;
  readonly changedBy: string;
  readonly highWaterMark: number;
  readonly lossStreak: number;
}

/** Who stops what, and why. */
export interface HaltOrder {
  readonly account: string;
  readonly by: string;
  readonly reason: string;
  /** `close`: closing orders are sent from here; absent: the guard closes positions. */
  readonly positions?: 'close';
}

/** A closing order as its sending left it. */
export interface ClosingOrder {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  readonly state: OrderState;
}

/** What a halt reached; each part stops orders alone. */
export interface HaltReport {
  readonly account: string;
  /** PostgreSQL: `halted`, or what went wrong. */
  readonly ledger: string;
  /** Orders cancelled at the broker. */
  readonly cancelled: number;
  /** The broker: `clear`, or what went wrong. */
  readonly broker: string;
  /** The guard: `told`, or why not; it reads PostgreSQL when it is back. */
  readonly guard: string;
  /** Closing orders; absent where they were not asked for. */
  readonly closing?: readonly ClosingOrder[];
}

/** A fill of an order that we never sent, as people are shown it. */
export interface ForeignFillView {
  readonly key: string;
  readonly account: string;
  readonly session: string;
  readonly detail: string;
}

/** Accounts, their sessions and their guards. */
export interface Accounts {
  list(): Promise<readonly AccountView[]>;
  /** Newest first. @throws Failure ACCOUNT_UNKNOWN */
  sessions(account: string): Promise<readonly SessionView[]>;
  /** Undefined when the guard does not answer. */
  guard(account: string): Promise<GuardStatus | undefined>;
  /**
   * @throws Failure ACCOUNT_UNKNOWN; HALT_INCOMPLETE when a part could not be carried out; MARKET_CLOSED when all was
   * but the closing of positions
   */
  halt(order: HaltOrder): Promise<HaltReport>;
  /** Asks for trading to resume; two different people must. @throws Failure WORKERS_SILENT, or a refusal */
  restart(request: { readonly account: string; readonly by: string }): Promise<GuardStatus>;
  /** Everything that the account has executed, oldest first. */
  fills(account: string): Promise<readonly Fill[]>;
  /** Foreign fills that nobody has acknowledged, oldest first. */
  foreignFills(account: string): Promise<readonly ForeignFillView[]>;
  /** @throws Failure FOREIGN_FILL_UNKNOWN */
  acknowledgeForeignFill(request: {
    readonly account: string;
    readonly key: string;
    readonly by: string;
  }): Promise<void>;
}

/** What a person may do. */
type Role = 'engineer' | 'reviewer' | 'operator';

/** A person who proved who they are. */
export interface Person {
  readonly name: string;
  readonly roles: readonly Role[];
}

/** People and their logins. */
export interface People {
  /**
   * Opens a login for the password; undefined when the name and password belong to no active person.
   * Its token is kept only as a hash.
   */
  login(request: {
    readonly name: string;
    readonly password: string;
    readonly lifetimeMs: number;
  }): Promise<{ readonly token: string; readonly person: Person } | undefined>;
  /** Whose login a token is; undefined when it ended. */
  personOfToken(token: string): Promise<Person | undefined>;
  logout(token: string): Promise<void>;
  /** The key a person signs with, opened by their password; undefined when name and password do not open one. */
  openKey(request: { readonly name: string; readonly password: string }): Promise<SigningKey | undefined>;
}

/** A schedule as people are shown it. */
export interface ScheduleView {
  readonly id: string;
  readonly paused: boolean;
  readonly note: string;
  /** Next start, wall time, milliseconds since 1970 UTC; absent when none is due. */
  readonly nextAtMs?: number;
}

/** Temporal schedules. */
export interface Schedules {
  list(): Promise<readonly ScheduleView[]>;
  /** Lets every schedule run, or holds every one; answers how they stand. */
  set(state: 'on' | 'off', by: string): Promise<readonly ScheduleView[]>;
}

/** A snapshot that an ingest by hand published, with the report of the run. */
export interface IngestedSnapshot {
  readonly workflowId: string;
  readonly digest: string;
  readonly dataset: string;
  readonly asOf: string;
  readonly symbols: readonly string[];
  readonly rows: number;
  readonly findings: number;
  /** Address of the report, `s3://...`. */
  readonly report: string;
}

/** What is to be ingested, and who asks. */
export interface IngestOrder {
  readonly request: {
    readonly dataset: string;
    readonly asOf: string;
    readonly range?: { readonly from: string; readonly to: string };
    readonly source?: { readonly provider: string; readonly symbols: readonly string[] };
  };
  readonly by: string;
}

/** Ingests by hand. */
export interface Ingests {
  /** The last session that has closed at the account's venue. @throws Failure BROKER_UNREACHABLE */
  lastClosedSession(account: string): Promise<SessionDate>;
  /**
   * Starts an ingest, or joins the one that was asked for in the same words, and follows it to its end.
   * @param told what it is at, whenever that changes
   * @throws Failure INGEST_RUNNING, WORKERS_SILENT, and what the ingest failed with
   */
  run(order: IngestOrder, told: (text: string) => void): Promise<IngestedSnapshot>;
  /** The report's page. @throws Failure OBJECT_MISSING */
  report(address: string): Promise<Uint8Array>;
}

/** The audit chain, and the signatures that it and the approvals keep. */
interface Audit {
  verify(): Promise<{
    readonly records: number;
    readonly verified: boolean;
    readonly brokenAt?: number;
    readonly headHash: string;
  }>;
  /** Checks the signature of every review that was kept. */
  verifySignatures(): Promise<{ readonly signatures: number; readonly forged: readonly string[] }>;
}

/** An address people open. */
export interface Link {
  readonly name: string;
  readonly url: string;
}

/** Everything the console reads and does; the command line and the web pages stand on it alike. */
export interface Desk {
  readonly promotions: Promotions;
  readonly accounts: Accounts;
  readonly books: Books;
  readonly origins: Origins;
  readonly runs: Pick<TrackedRuns, 'newest' | 'find'>;
  readonly people: People;
  readonly admissions: Admissions;
  readonly schedules: Schedules;
  readonly audit: Audit;
  readonly lineage: Lineage;
  readonly snapshots: SnapshotShelf;
  readonly trainings: Trainings;
  readonly validations: Validations;
  readonly starts: HandStarts;
  readonly models: Models;
  readonly ingests: Ingests;
  readonly tradingStatuses: TradingStatuses;
  readonly links: readonly Link[];
}

/** A desk with the connections behind it. */
export interface OpenDesk extends Desk {
  close(): Promise<void>;
}
