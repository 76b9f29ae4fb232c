import { digest, type Digest } from '#domain/digest.ts';
import type { FailureCode } from '#domain/failures/catalogue.ts';
import type { OrderIntent } from '#domain/order.ts';
import type { AuditLog } from '#activities/ports/auditLog.ts';
import type { Broker, ReplayControl } from '#activities/ports/broker.ts';
import type { GuardDesk } from '#activities/ports/guardDesk.ts';
import type { DecisionRow, Ledger } from '#activities/ports/ledger.ts';
import type { ObjectStore } from '#activities/ports/objectStore.ts';
import type { VolatilityRegime } from '#domain/regimeLimits.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { digestOf } from '#domain/sha256.ts';
import { equalWeights } from '#domain/sizing.ts';
import { closeSession } from './closeSession.ts';
import type { Forecasts } from './forecastSession.ts';
import { planOrders } from './planOrders.ts';
import { observeAccount } from './observeAccount.ts';
import { reachPhase } from './reachPhase.ts';
import { reconcileBooks } from './reconcileBooks.ts';
import { tellBreaches } from './tellBreaches.ts';
import { decisionIdOf, type EquityFigures, type SessionPlan } from './tradingPlan.ts';

/** Whether a session may go on. */
export type SessionOpening =
  | { readonly kind: 'open'; readonly tradingState: 'active' | 'reducing' }
  | { readonly kind: 'refused'; readonly code: FailureCode; readonly reason: string };

/** What reconciling our book with the broker's showed. */
export interface Reconciliation {
  readonly agreed: boolean;
  readonly differences: readonly string[];
}

/** A decision, written down before anything is ordered. */
export interface DecisionReference {
  readonly decisionId: string;
  readonly source: string;
  readonly modelVersion?: string;
  readonly artifactDigest?: Digest;
  /** Target weight by symbol, fractions of equity. */
  readonly targets: Readonly<Record<string, number>>;
  /** The market's volatility regime it was made in; absent for a rule that looks at no market. */
  readonly regime?: VolatilityRegime | 'unknown';
}

/** Orders that passed our checks, and how many did not. */
export interface PlannedOrders {
  readonly orders: readonly OrderIntent[];
  readonly denied: number;
  /** How many of the orders are smaller than was asked. */
  readonly reduced: number;
}

/** A closed session's report. */
export interface SessionReport {
  readonly account: string;
  readonly session: string;
  readonly orders: number;
  readonly fills: number;
  /** Dollars. */
  readonly equity: number;
  /** Dollars charged for the session's executions. */
  readonly commissions: number;
  readonly reconciled: boolean;
  readonly differences: readonly string[];
  readonly reportKey: string;
}

/** Phase of the venue's session. */
export type Phase = 'beforeOpen' | 'open' | 'closed';

/** Activities of a trading session. */
export interface SessionActivities {
  /** Opening checks: the row of the session, the trading state, the venue's calendar. */
  openTradingSession(plan: SessionPlan): Promise<SessionOpening>;
  /** Settles what was open, takes missed fills, compares positions with the broker's. */
  reconcileAccount(plan: SessionPlan): Promise<Reconciliation>;
  /** Predicts with the approved champion, its digest verified, or asks the named rule; writes the decision. */
  decideTargets(plan: SessionPlan): Promise<DecisionReference>;
  /** Turns targets into orders and checks each; denials are written, not sent. A plan that stands is carried on. */
  planOrders(plan: SessionPlan, decision: DecisionReference): Promise<PlannedOrders>;
  /** Milliseconds until the venue reaches the phase; 0 when it has. A replaying venue is moved there. */
  reachPhase(plan: SessionPlan, phase: Phase): Promise<{ readonly waitMs: number }>;
  /** Takes fills, reads equity, lets the guard weigh it, and says which limits it is over. */
  observeAccount(plan: SessionPlan): Promise<EquityFigures>;
  /** Writes the end-of-day report and closes the session's row. */
  closeTradingSession(plan: SessionPlan, reconciliation: Reconciliation): Promise<SessionReport>;
}

/** What a session's activities need of the world. */
export interface SessionWorld {
  readonly ledger: Ledger;
  readonly audit: AuditLog;
  readonly objects: ObjectStore;
  readonly guard: GuardDesk;
  readonly brokerOf: (account: string) => Broker;
  /** Control of a venue that replays recorded sessions; absent at a venue whose time moves by itself. */
  readonly replay?: ReplayControl;
  /** Target weights by the approved champion. */
  readonly forecast: (plan: SessionPlan) => Promise<Forecasts>;
  /** Version of the running code, for decisions. */
  readonly codeVersion: string;
}

/** A session's activities over a world. */
export function createSessionActivities(world: SessionWorld): SessionActivities {
  const { ledger } = world;
  return {
    async openTradingSession({ account, session }) {
      const row = await ledger.account(account);
      if (!row) return refused('ACCOUNT_UNKNOWN', `no account ${account} was opened`);
      if (row.state === 'halted') return refused('ACCOUNT_HALTED', `${row.reason} (${row.changedBy})`);
      const known = (await ledger.sessions(account)).find((known) => known.session === session);
      if (known?.closed) return refused('SESSION_CLOSED', `${session} was traded and closed`);
      if ((await ledger.openSession(account, sessionDate(session))) === 'past') {
        return refused('SESSION_PAST', `session ${row.currentSession ?? 'after it'} of ${account} was opened already`);
      }
      return { kind: 'open', tradingState: row.state };
    },

    reconcileAccount: ({ account }) => reconcileBooks(account, world),
    decideTargets: (plan) => decideTargets(world, plan),
    planOrders: (plan, decision) => planOrders(world, plan, decision),
    reachPhase: (plan, phase) => reachPhase(world, plan, phase),
    async observeAccount(plan) {
      const figures = await observeAccount(world, plan);
      await tellBreaches(world, plan);
      return figures;
    },
    closeTradingSession: (plan, reconciliation) => closeSession(world, plan, reconciliation),
  };
}

function refused(code: FailureCode, reason: string): SessionOpening {
  return { kind: 'refused', code, reason };
}

/**
 * The decision is written to ledger and audit chain before anything is ordered on it, and then stands: a repeat orders
 * the same, whatever newer code or another machine would have forecast with the same model.
 */
async function decideTargets(world: SessionWorld, plan: SessionPlan): Promise<DecisionReference> {
  const { ledger, audit, forecast, codeVersion } = world;
  const { account, session } = plan;
  const decisionId = decisionIdOf(plan);
  const standing = await ledger.decision(decisionId);
  // Orders were planned on it: it stands, though champion and data may have moved on since.
  if (standing && (await ledger.sessionPlan(decisionId))) return referenceTo(standing);
  const { source, ...decided } =
    plan.targets.kind === 'champion' ? await forecast(plan) : byRule(equalWeights(plan.targets.symbols));
  const { model, modelVersion, artifactDigest } = source ?? ruleOfEqualWeights;
  const inputs = { ...decided.body, codeVersion };
  const row: DecisionRow =
    standing?.artifactDigest === artifactDigest
      ? standing
      : {
          decisionId,
          account,
          session: sessionDate(session),
          model,
          modelVersion,
          artifactDigest,
          inputsDigest: digestOf(inputs),
          body: { ...inputs, targets: decided.targets },
        };
  await ledger.recordDecision(row);
  const targets = row.body['targets'] as Forecasts['targets'];
  await audit.append({
    key: `decision:${decisionId}`,
    actor: `${model}:${modelVersion}`,
    action: 'session.decided',
    subject: `account:${account}`,
    body: { session, artifactDigest, targets },
  });
  return referenceTo(row);
}

function referenceTo({ decisionId, model, modelVersion, artifactDigest, body }: DecisionRow): DecisionReference {
  const regime = regimeOf(body);
  return {
    decisionId,
    source: `${model}:${modelVersion}`,
    targets: body['targets'] as Forecasts['targets'],
    ...(regime && { regime }),
    ...(artifactDigest !== ruleOfEqualWeights.artifactDigest && {
      modelVersion,
      artifactDigest: digest(artifactDigest),
    }),
  };
}

/** The regime that stands in a decision: a rule that looks at no market wrote none. */
function regimeOf(body: Readonly<Record<string, unknown>>): DecisionReference['regime'] {
  if (!('regime' in body)) return undefined;
  return (body['regime'] as { readonly regime: VolatilityRegime } | null)?.regime ?? 'unknown';
}

const ruleOfEqualWeights = { model: 'equal-weight', modelVersion: 'rule', artifactDigest: '' } as const;

function byRule(targets: Readonly<Record<string, number>>): Forecasts {
  return { targets, body: { rule: 'equal weights' } };
}
