import { Connection, Client, WorkflowFailedError } from '@temporalio/client';
import { nextSession, previousSession } from '#domain/calendar.ts';
import { sessionDate, type SessionDate } from '#domain/sessionDate.ts';
import type { Plan } from '#infra/configuration/plan.ts';
import { guardTermsOf } from '#infra/configuration/guardTerms.ts';
import type { Settings } from '#infra/configuration/schema.ts';
import { Database } from '#infra/postgres/database.ts';
import { createPeople } from '#infra/postgres/people.ts';
import { clientInterceptors } from '#infra/telemetry/temporalInterceptors.ts';
import { guardStatus, promotionStatus, review, type GuardStatus } from '#workflows/messages.ts';
import type { guardAccount } from '#workflows/guardAccount.ts';
import type { LifecycleOutcome, modelLifecycle } from '#workflows/modelLifecycle.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import type { SessionOutcome, tradingSession } from '#workflows/tradingSession.ts';
import { workflowIds } from '#workflows/workflowIds.ts';
import { startOrJoin } from '../desk/startOrJoin.ts';
import { signReview } from '../signReview.ts';
import { openAccounts, replaySessions } from './accounts.ts';
import { demonstrationPlan } from './demonstrationPlan.ts';
import type { DemonstrationPerson } from './demonstrationPeople.ts';
import { lifecyclePlan } from './lifecyclePlan.ts';
import { followLifecycle, type StepProgress } from './lifecycleProgress.ts';
import type { Platform } from './platform.ts';
import { ensureSchedules } from './schedules.ts';
import { championSession, type ChampionSession } from './championSession.ts';

/** What the demonstration is told and tells. */
export interface DemonstrationRequest {
  readonly platform: Platform;
  readonly settings: Settings;
  readonly people: readonly DemonstrationPerson[];
  /** True lets the demonstration reviewers approve. */
  readonly unattended: boolean;
  /** Windows judged at most, the latest; absent: those of the pinned plan. */
  readonly windowsMax?: number;
  readonly progress: (step: StepProgress) => void;
  /** Called once when a candidate waits for people. */
  readonly awaitingReview: (waiting: { readonly workflowId: string; readonly artifactDigest: string }) => void;
}

/** What came out. */
export interface DemonstrationOutcome {
  readonly lifecycle: LifecycleOutcome;
  /** Absent when the model was not approved. */
  readonly session?: SessionOutcome;
  readonly guard: GuardStatus;
  /** The account that holds equal weights through 2020-03-16. */
  readonly breaker: GuardStatus;
}

const breakerAccount = 'breaker-demo';
/** Equal weights bought at the open of the first session meet the fall of the second: the S&P 500 lost 12 percent. */
const breakerSessions = ['2020-03-13', '2020-03-16'] as const;

/** Runs the whole life once: data to champion, a trading day, and a breaker trip on an account of its own. */
export async function runDemonstration(request: DemonstrationRequest): Promise<DemonstrationOutcome> {
  const { platform, settings } = request;
  const { temporal } = platform.stack.addresses;
  const plan = demonstrationPlan(request.windowsMax);
  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection, namespace: temporal.namespace, interceptors: clientInterceptors() });
  try {
    const sessions = await replaySessions(platform);
    const firstHeldBack = sessions.at(-plan.heldBackSessions)!;
    const { account, cashDollars } = plan.trading;
    await openAccounts(platform, [
      { account, cashDollars, firstSession: firstHeldBack },
      { account: breakerAccount, cashDollars, firstSession: sessionDate(breakerSessions[0]) },
    ]);
    for (const guarded of [account, breakerAccount]) await startGuard(client, guarded, settings);
    const asOf = previousSession(firstHeldBack);
    const lifecycleOfPlan = lifecyclePlan(plan, settings, asOf);
    const trading = championSession(settings.trading, tradedBy(plan));
    await ensureSchedules(client, {
      account,
      strategy: plan.trading.strategy,
      session: trading,
      plan: lifecycleOfPlan,
    });

    const lifecycle = await runLifecycle(client, request, lifecycleOfPlan);
    const session =
      lifecycle.promotion.decision === 'approved'
        ? await tradeNextSession(client, request, { trading, sessions, firstHeldBack })
        : undefined;
    request.progress({ step: 'breaker', text: `holding equal weights through ${breakerSessions[1]}` });
    const breaker = await demonstrateBreaker(client, settings, plan);
    const guard = await client.workflow.getHandle(workflowIds.guard(account)).query(guardStatus);
    return { lifecycle, guard, breaker, ...(session && { session }) };
  } finally {
    await connection.close();
  }
}

async function startGuard(client: Client, account: string, settings: Settings): Promise<void> {
  await client.workflow.start<typeof guardAccount>('guardAccount', {
    workflowId: workflowIds.guard(account),
    taskQueue: taskQueues.trading,
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: `guard of ${account}`,
    args: [{ account, ...guardTermsOf(settings.trading) }],
  });
}

async function runLifecycle(
  client: Client,
  request: DemonstrationRequest,
  plan: ReturnType<typeof lifecyclePlan>,
): Promise<LifecycleOutcome> {
  const { model } = plan.training;
  const handle = await startOrJoin<typeof modelLifecycle>(client, 'modelLifecycle', {
    workflowId: workflowIds.lifecycle(model, plan.asOf, plan.lifecycleDigest),
    taskQueue: taskQueues.lifecycle,
    staticSummary: `${model} as of ${plan.asOf}`,
    args: [plan],
  });
  const result = handle.result();
  await followLifecycle(client, {
    plan,
    result,
    progress: request.progress,
    onReview: (id) => approve(client, request, id),
  });
  return result;
}

/** Tells people what waits, or, unattended, lets the demonstration reviewers approve. */
async function approve(client: Client, request: DemonstrationRequest, workflowId: string): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  const status = await handle.query(promotionStatus);
  const { artifactDigest } = status;
  if (!request.unattended) {
    request.awaitingReview({ workflowId, artifactDigest });
    return;
  }
  const comment = 'demonstration: the plumbing check passed';
  const said = { workflowId, status, artifactDigest, verdict: 'approve' as const, comment };
  const { url } = request.platform.stack.addresses.postgres;
  const database = new Database({ url, applicationName: 'plimsoll-start', connectionsMax: 1 });
  const keys = createPeople(database);
  try {
    for (const person of request.people) {
      // The update's id is the person's: repeated after an interruption it is the same review.
      await handle.executeUpdate(review, {
        updateId: `demonstration-${person.name}`,
        args: [await signReview(keys, person, said)],
      });
    }
  } finally {
    await database.close();
  }
}

function tradedBy({ trading: { account, strategy }, model, dataset }: Plan): ChampionSession {
  return { account, strategy, model, dataset };
}

/** Trades the next held-back session that was not traded yet; undefined when all were. */
async function tradeNextSession(
  client: Client,
  { progress }: DemonstrationRequest,
  day: {
    readonly trading: ReturnType<typeof championSession>;
    readonly sessions: readonly SessionDate[];
    readonly firstHeldBack: SessionDate;
  },
): Promise<SessionOutcome | undefined> {
  const { trading, sessions } = day;
  for (let session = day.firstHeldBack; session <= sessions.at(-1)!; session = nextSession(session)) {
    const workflowId = workflowIds.session(trading.account, session);
    const standing = await client.workflow
      .getHandle(workflowId)
      .describe()
      .catch(() => undefined);
    if (standing?.status.name === 'COMPLETED') continue;
    progress({ step: 'session', text: `trading ${session} on ${trading.account}` });
    return runSession(client, { ...trading, session });
  }
  return undefined;
}

async function runSession(client: Client, plan: Parameters<typeof tradingSession>[0]): Promise<SessionOutcome> {
  const handle = await client.workflow.start<typeof tradingSession>('tradingSession', {
    workflowId: workflowIds.session(plan.account, plan.session),
    taskQueue: taskQueues.trading,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    staticSummary: `${plan.account} on ${plan.session}`,
    args: [plan],
  });
  return handle.result();
}

/** Two sessions of equal weights; the second one's fall must halt the account. */
async function demonstrateBreaker(client: Client, settings: Settings, plan: Plan): Promise<GuardStatus> {
  const symbols = ['AAPL', 'AMZN', 'GOOG', 'META', 'NFLX', 'NVDA'];
  const { limits, waits } = championSession(settings.trading, tradedBy(plan));
  for (const session of breakerSessions) {
    try {
      await runSession(client, {
        account: breakerAccount,
        session,
        strategy: 'equal',
        targets: { kind: 'equalWeight', symbols },
        // Six equal parts are larger than the position limit of a model that picks.
        limits: { ...limits, positionFractionMax: 0.2 },
        waits,
      });
    } catch (error) {
      // It ran in an earlier start: its guard tells how that ended.
      if (error instanceof WorkflowFailedError || (error as Error).name !== 'WorkflowExecutionAlreadyStartedError')
        throw error;
    }
  }
  return client.workflow.getHandle(workflowIds.guard(breakerAccount)).query(guardStatus);
}
