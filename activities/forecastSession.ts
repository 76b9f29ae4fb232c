import { previousSession } from '#domain/calendar.ts';
import type { Digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';
import { limitsIn } from '#domain/regimeLimits.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { dollars } from '#domain/money.ts';
import type { ModelProcesses } from '#models/process/modelProcessClient.ts';
import type { FeatureSpec } from '#pipelines/features/featureSpec.ts';
import { readVolatilityRegimes } from '#pipelines/regime/volatilityRegime.ts';
import type { DecidingAccount } from '#pipelines/decider.ts';
import type { Broker } from '#activities/ports/broker.ts';
import type { Ledger } from '#activities/ports/ledger.ts';
import type { ModelRegistry } from '#activities/ports/modelRegistry.ts';
import { requireApproval, type ApprovalWorld } from './approvedBytes.ts';
import { provideFeatures, type DataWorld } from './modelData.ts';
import { readSnapshot } from './snapshotStore.ts';
import { accountStanding } from './accountStanding.ts';
import type { TakenOver } from './agentDecider.ts';
import { readArtifact } from './modelJobs.ts';
import { openDecider } from './openDecider.ts';
import { requireOwnOrigin } from './ownOrigin.ts';
import { decisionIdOf, type SessionPlan } from './tradingPlan.ts';
import { artifactJson } from './artifactJson.ts';

/** Targets of a session and what they came from. */
export interface Forecasts {
  readonly targets: Readonly<Record<string, number>>;
  /** Plain JSON for the decision's row. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The model behind them; absent for a rule. */
  readonly source?: { readonly model: string; readonly modelVersion: string; readonly artifactDigest: Digest };
}

/** What deciding needs of the world. */
export interface ForecastWorld extends DataWorld, Omit<ApprovalWorld, 'catalogue'> {
  readonly registry: ModelRegistry;
  readonly processes: ModelProcesses;
  readonly ledger: Ledger;
  readonly brokerOf: (account: string) => Broker;
}

/**
 * Target weights for a session, by the champion, from what was known at the close of the session before it.
 * @throws Failure CHAMPION_MISSING, CHAMPION_NOT_APPROVED or ARTIFACT_DIGEST_MISMATCH when the alias, people's
 *   signatures and the stored bytes do not all name the same artifact; AGENT_ORIGIN_UNPROVEN; SNAPSHOT_STALE when the data
 *   ends too early; FEATURES_INSUFFICIENT when it lacks features of that close; as `openDecider`
 */
export async function forecastSession(world: ForecastWorld, plan: SessionPlan): Promise<Forecasts> {
  if (plan.targets.kind !== 'champion') throw new RangeError('only a champion forecasts');
  const { model, dataset } = plan.targets;
  const champion = await world.registry.aliased(model, 'champion');
  if (!champion)
    throw new Failure('CHAMPION_MISSING', `${model} has no champion: promote a candidate first`, { model });
  const { artifactDigest, version: modelVersion } = champion;
  await requireApproval(world, { model, modelVersion, artifactDigest });
  const files = await readArtifact(world.objects, artifactDigest);
  const decidedAt = previousSession(sessionDate(plan.session));
  const head = await world.catalogue.head(dataset);
  if (head?.asOf !== decidedAt) {
    const message = `${dataset} reaches ${head?.asOf ?? 'nothing'}, the decision needs ${decidedAt}`;
    throw new Failure('SNAPSHOT_STALE', message, { dataset, needed: decidedAt, asOf: head?.asOf ?? null });
  }
  requireOwnOrigin(files);
  const { bars, benchmark } = await readSnapshot(world, head.digest);
  const regime = readVolatilityRegimes(benchmark.sessions, benchmark.close).at(-1) ?? null;
  const { table: features } = await provideFeatures(
    world,
    head.digest,
    artifactJson(files, 'features.json') as FeatureSpec,
  );
  const account = await decidingAccount(world, plan, features.symbols);
  const takenOver = await takenOverBefore(world.ledger, plan, artifactDigest);
  const span = { from: decidedAt, to: decidedAt };
  const decider = await openDecider(world, files, {
    source: { features, bars },
    span,
    ...(takenOver && { takenOver }),
  });
  try {
    const decided = decider.targetsAt(decidedAt, account, limitsIn(plan.limits, regime?.regime ?? 'unknown'));
    if (!decided) {
      const message = `the features of ${decidedAt} are incomplete: ${model} decides nothing, and nothing is traded`;
      throw new Failure('FEATURES_INSUFFICIENT', message, { dataset, session: decidedAt });
    }
    return {
      targets: decided.targets,
      body: { decidedAt, snapshotDigest: head.digest, regime, ...decided.body },
      source: { model, modelVersion, artifactDigest },
    };
  } finally {
    await decider.release();
  }
}

/** The account as it stands before the open, at the last closes. */
async function decidingAccount(
  world: ForecastWorld,
  plan: SessionPlan,
  symbols: readonly string[],
): Promise<DecidingAccount> {
  const { buyingPower, equity, positions, lastPrices } = await accountStanding(world, plan, symbols);
  return {
    cash: dollars(buyingPower),
    equity: dollars(equity),
    shares: positions,
    prices: Object.fromEntries(Object.entries(lastPrices).map(([symbol, price]) => [symbol, dollars(price)])),
  };
}

/** Since when the same bytes trade the account, by the last decision before this session; a forecaster says nothing of it. */
async function takenOverBefore(
  ledger: Ledger,
  { account, session, strategy }: SessionPlan,
  artifactDigest: Digest,
): Promise<TakenOver | undefined> {
  const earlier = (await ledger.sessions(account)).map((one) => one.session).filter((date) => date < session);
  for (const date of earlier.sort().reverse()) {
    const decision = await ledger.decision(decisionIdOf({ account, session: date, strategy }));
    if (!decision) continue;
    return decision.artifactDigest === artifactDigest
      ? (decision.body['takenOver'] as TakenOver | undefined)
      : undefined;
  }
  return undefined;
}
