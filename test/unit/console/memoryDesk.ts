import type { Digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';
import type { Fill } from '#domain/order.ts';
import type { HaltOrder, IngestOrder, OpenDesk, Person, PromotionView } from '#console/desk/desk.ts';
import { haltAccount } from '#console/desk/haltAccount.ts';
import { memoryIngests } from './memoryIngests.ts';
import { memoryLineage } from './memoryLineage.ts';
import { noSnapshots } from './noSnapshots.ts';
import { memoryStatuses } from './memoryStatuses.ts';
import { noModels } from './noModels.ts';
import { noStarts } from './noStarts.ts';
import { noTrainings } from './noTrainings.ts';
import { noValidations } from './noValidations.ts';
import type { SignedReview } from '#domain/reviewStatement.ts';
import { candidateDigest, memoryEvidence, silent } from './memoryEvidence.ts';
import { createSigner } from '#test/signer.ts';
import type { GuardStatus, PromotionStatus } from '#workflows/messages.ts';

/** Passwords of the people at a memory desk. */
export const passwords: Readonly<Record<string, string>> = {
  ada: 'ada-opens',
  grace: 'grace-opens',
  linus: 'linus-opens',
};

const roles: Readonly<Record<string, Person['roles']>> = {
  ada: ['reviewer', 'operator'],
  grace: ['reviewer', 'operator'],
  linus: ['engineer'],
};

// A promotion under review, as the workflow would tell it.
function promotionStatus(): PromotionStatus {
  const check = { metric: 'walkForward.sharpe', comparison: 'atLeast', threshold: 1, reason: 'pays for its risk' };
  return {
    model: 'forecaster',
    modelVersion: '3',
    artifactDigest: candidateDigest,
    author: 'linus',
    stage: 'review',
    gate: { name: 'plumbing check', verdict: 'passed', checks: [] },
    honestGate: { name: 'worth trading', verdict: 'failed', checks: [{ ...check, actual: 0.42, passed: false }] },
    reviews: [],
    approvalsRequired: 2,
    expiresAtMs: Date.UTC(2026, 10, 24),
  };
}

/** What happened at a memory desk. */
export interface MemoryDesk extends OpenDesk {
  readonly reviews: { readonly updateId: string; readonly review: SignedReview }[];
  readonly halts: HaltOrder[];
  readonly ingested: IngestOrder[];
  readonly schedulesOn: () => boolean;
  readonly closed: () => number;
  /** Logins that are open. */
  readonly openLogins: () => number;
}

/** Faults a memory desk plays. */
export interface MemoryDeskFaults {
  readonly workersDown?: boolean;
  readonly brokerDown?: boolean;
  readonly auditBroken?: boolean;
  readonly signatureForged?: boolean;
  readonly modelAltered?: boolean;
  readonly temporalDown?: boolean;
  /** An ingest goes on for ever. */
  readonly ingestHangs?: boolean;
  readonly mlflowDown?: boolean;
  /** What the account has executed. */
  readonly fills?: readonly Fill[];
  /** May be broken, and mended, while pages are looked at. */
  readonly postgres?: { isDown: boolean };
  /** Alias `champion` of the registry; none when absent. */
  readonly champion?: string;
}

/** A desk in memory: answers in the shapes of the real one, keeps what it was asked. */
export function memoryDesk(faults: MemoryDeskFaults = {}): MemoryDesk {
  const reviews: MemoryDesk['reviews'] = [];
  const halts: HaltOrder[] = [];
  const ingested: IngestOrder[] = [];
  const { people, openLogins } = memoryPeople(faults);
  let areSchedulesOn = false;
  let closings = 0;
  return {
    reviews,
    halts,
    ingested,
    schedulesOn: () => areSchedulesOn,
    closed: () => closings,
    openLogins,
    promotions: memoryPromotions(reviews, faults),
    accounts: memoryAccounts(halts, faults),
    ...memoryEvidence(faults),
    people,
    admissions: nobodyAdmitted,
    schedules: {
      list: async () => [{ id: 'ingest', paused: !areSchedulesOn, note: 'held until `plimsoll schedules on`' }],
      set: async (to) => {
        areSchedulesOn = to === 'on';
        return [{ id: 'ingest', paused: !areSchedulesOn, note: '' }];
      },
    },
    audit: {
      verify: async () => ({
        records: 12,
        verified: !faults.auditBroken,
        headHash: 'ab'.repeat(32),
        ...(faults.auditBroken && { brokenAt: 7 }),
      }),
      verifySignatures: async () => ({ signatures: 4, forged: faults.signatureForged ? ['audit record 9'] : [] }),
    },
    models: noModels,
    trainings: noTrainings,
    validations: noValidations,
    starts: noStarts,
    tradingStatuses: memoryStatuses(),
    lineage: memoryLineage(faults),
    snapshots: noSnapshots,
    ingests: memoryIngests(ingested, faults),
    links: [{ name: 'Temporal', url: 'http://127.0.0.1:8233/namespaces/plimsoll/workflows' }],
    close: async () => {
      closings += 1;
    },
  };
}

function memoryPromotions(reviews: MemoryDesk['reviews'], faults: MemoryDeskFaults): OpenDesk['promotions'] {
  const view = (): PromotionView => ({
    workflowId: 'promote:forecaster:3:first',
    startedAtMs: Date.UTC(2026, 10, 21),
    closed: false,
    ...(!faults.workersDown && {
      status: { ...promotionStatus(), reviews: reviews.map(({ review }) => review.statement) },
    }),
  });
  return {
    list: async () => {
      if (faults.temporalDown) throw silent('WORKERS_SILENT');
      return [view()];
    },
    find: async (workflowId) => {
      if (faults.temporalDown) throw silent('WORKERS_SILENT');
      if (workflowId !== view().workflowId) throw new Failure('PROMOTION_UNKNOWN', `no promotion ${workflowId}`);
      return view();
    },
    figures: async () => {
      if (faults.postgres?.isDown) throw silent('DATABASE_UNREACHABLE');
      const figures = { 'walkForward.sharpe': 0.4217, 'baseline.ridge.sharpe': null };
      return { figures, documents: ['modelCard', 'tearSheet'] };
    },
    document: async (artifactDigest, kind) => {
      if (artifactDigest !== candidateDigest) throw new Failure('DOCUMENT_MISSING', `no ${kind} of ${artifactDigest}`);
      const isCard = kind === 'modelCard';
      return {
        bytes: new TextEncoder().encode(isCard ? '# Card\n<script>alert(1)</script>' : '<h1>Tear sheet</h1>'),
        contentType: isCard ? 'text/markdown' : 'text/html',
      };
    },
    review: async ({ updateId, review }) => {
      const earlier = reviews.some((taken) => taken.updateId === updateId);
      if (!earlier && reviews.some((taken) => taken.review.statement.reviewer === review.statement.reviewer)) {
        // As Temporal delivers the refusal of an update's validator.
        const refusal = Object.assign(new Error(`${review.statement.reviewer} voted already`), {
          type: 'REVIEW_REPEATED',
        });
        throw new Error('Workflow Update failed', { cause: refusal });
      }
      if (!earlier) reviews.push({ updateId, review });
      const { length } = reviews;
      return { approvals: length, approvalsRequired: 2, decision: length === 2 ? 'approved' : 'pending' };
    },
  };
}

const closingOrder = {
  clientOrderId: 'c-1',
  symbol: 'AAPL',
  side: 'sell',
  quantity: 5,
  state: 'acknowledged',
} as const;
const lastObservation = {
  session: '2023-06-26',
  equity: 950_000_000,
  dayOpenEquity: 1_000_000_000,
  highWaterMark: 1_000_000_000,
  lossStreak: 1,
  errors: 0,
  differences: 0,
} as const;

function memoryAccounts(halts: HaltOrder[], faults: MemoryDeskFaults): OpenDesk['accounts'] {
  const restartAskedBy: string[] = [];
  const detail = 'buy 5 AAPL at 130.1 dollars by order by-hand, which we never sent';
  const foreign = [{ key: 'foreignFill:paper-main:e-1', account: 'paper-main', session: '2023-06-26', detail }];
  const row = (): Awaited<ReturnType<OpenDesk['accounts']['list']>>[number] => ({
    account: 'paper-main',
    broker: 'paper',
    state: halts.length === 0 ? 'active' : 'halted',
    reason: halts.at(-1)?.reason ?? 'opened',
    changedBy: halts.at(-1)?.by ?? 'guard',
    highWaterMark: 1_000_000_000,
    lossStreak: 1,
  });
  const guard = (): GuardStatus => ({
    ...row(),
    escalation: halts.length,
    restartAskedBy,
    levels: { drawdownReduceFraction: 0.07, drawdownHaltFraction: 0.1 },
    lastObservation,
  });
  const report = { orders: 4, fills: 1, equity: 100_012.34, reconciled: true };
  return {
    list: async () => {
      if (faults.postgres?.isDown) throw silent('DATABASE_UNREACHABLE');
      return [row()];
    },
    sessions: async () => [{ session: '2023-06-26', closed: true, report }],
    guard: async () => (faults.workersDown || faults.temporalDown ? undefined : guard()),
    halt: (order) =>
      haltAccount(order, {
        tighten: async () => {
          if (faults.postgres?.isDown) throw silent('DATABASE_UNREACHABLE');
          if (order.account !== 'paper-main') return undefined;
          halts.push(order);
          return {};
        },
        broker: {
          openOrders: async () => {
            if (faults.brokerDown) throw new Error('the broker does not answer');
            return [{ brokerOrderId: 'one' }, { brokerOrderId: 'two' }];
          },
          cancel: async () => undefined,
        },
        close: async () => [closingOrder],
        tellGuard: async () => {
          if (faults.workersDown || faults.temporalDown) throw new Error('Temporal does not answer');
        },
      }),
    restart: async ({ by }) => {
      if (restartAskedBy.includes(by)) {
        throw Object.assign(new Error('a second, different person must confirm'), { type: 'RESTART_SAME_PERSON' });
      }
      restartAskedBy.push(by);
      return guard();
    },
    fills: async () => faults.fills ?? [],
    foreignFills: async () => foreign,
    acknowledgeForeignFill: async ({ account, key }) => {
      const at = foreign.findIndex((fill) => fill.account === account && fill.key === key);
      if (at < 0) throw new Failure('FOREIGN_FILL_UNKNOWN', `${account} has no foreign fill ${key}`);
      foreign.splice(at, 1);
    },
  };
}

// Letting people in is tested on PostgreSQL: memory would only repeat what it was told.
const nobodyAdmitted: OpenDesk['admissions'] = {
  list: async () => [],
  add: () => Promise.reject(new Error('memory lets nobody in')),
  revoke: () => Promise.reject(new Error('memory knows nobody')),
  resetPassword: () => Promise.reject(new Error('memory knows nobody')),
  changePassword: () => Promise.reject(new Error('memory knows nobody')),
};

const signer = createSigner('anybody');

function memoryPeople(faults: MemoryDeskFaults): {
  readonly people: OpenDesk['people'];
  readonly openLogins: () => number;
} {
  const logins = new Map<string, string>();
  let made = 0;
  const person = (name: string): Person | undefined => roles[name] && { name, roles: roles[name] };
  return {
    openLogins: () => logins.size,
    people: {
      login: async ({ name, password }) => {
        const known = Object.hasOwn(passwords, name) && passwords[name] === password ? person(name) : undefined;
        if (!known) return undefined;
        made += 1;
        const token = `token-${made}-of-${name}`;
        logins.set(token, name);
        return { token, person: known };
      },
      personOfToken: async (token) => {
        if (faults.postgres?.isDown) throw silent('DATABASE_UNREACHABLE');
        return person(logins.get(token) ?? '');
      },
      logout: async (token) => void logins.delete(token),
      openKey: async ({ name, password }) => {
        if (!Object.hasOwn(passwords, name) || passwords[name] !== password) return undefined;
        return { key: signer.key as Digest, sign: () => 'signed' };
      },
    },
  };
}
