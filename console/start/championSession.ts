import type { SessionPlan } from '#activities/tradingPlan.ts';
import type { Settings } from '#infra/configuration/schema.ts';
import { tradingTermsOf } from '#infra/configuration/tradingTerms.ts';
import { sessionWaitsOf } from '#infra/configuration/tradingWaits.ts';

/** Who trades, under which name, and decided by whom. */
export interface ChampionSession {
  readonly account: string;
  readonly strategy: string;
  readonly model: string;
  readonly dataset: string;
}

/** Trading by a model's champion on the terms of the settings; the session is taken into the dataset after its close. */
export function championSession(
  trading: Settings['trading'],
  { account, strategy, model, dataset }: ChampionSession,
): Omit<SessionPlan, 'session'> {
  return {
    account,
    strategy,
    targets: { kind: 'champion', model, dataset },
    limits: tradingTermsOf(trading).limits,
    waits: sessionWaitsOf(trading),
    ingestAfterClose: dataset,
  };
}
