import { ParentClosePolicy, proxyActivities, setCurrentDetails, startChild } from '@temporalio/workflow';
import type { GuardActivities } from '#activities/guardActivities.ts';
import { weighBreaker, type BreakerProfile } from '#domain/breaker.ts';
import { refuseRestart } from '#domain/restart.ts';
import { escalateBreaker } from './escalateBreaker.ts';
import type { EquityObservation, GuardStatus, HaltRequest } from './messages.ts';
import { policies } from './policies.ts';
import { refusal } from './refusal.ts';
import { mark } from './searchAttributes.ts';
import { workflowIds } from './workflowIds.ts';

const { readTradingState, tightenTradingState, restartTrading } = proxyActivities<GuardActivities>(policies.trading);

/** The state of one account's guard and everything that may change it; part of the workflow `guardAccount`. */
export class AccountKeeper {
  status: GuardStatus;
  private readonly account: string;
  private readonly profile: BreakerProfile;

  constructor(account: string, profile: BreakerProfile, carried: GuardStatus | undefined) {
    this.account = account;
    this.profile = profile;
    this.status = carried ?? {
      account,
      state: 'active',
      reason: 'opened',
      changedBy: 'guard',
      escalation: 0,
      restartAskedBy: [],
    };
  }

  /** Takes PostgreSQL's word. */
  async read(): Promise<void> {
    await this.adopt(await readTradingState.executeWithOptions({ summary: 'read PostgreSQL' }, [this.account]));
  }

  /** Weighs an observation; the state only becomes stricter here. */
  async observe(observation: EquityObservation): Promise<GuardStatus> {
    this.status = { ...this.status, lastObservation: observation };
    const { state, triggers } = weighBreaker({ state: this.status.state, ...observation }, this.profile);
    if (state !== this.status.state && state !== 'active') {
      await this.tighten(state, triggers.map(({ text }) => text).join('; '), 'breaker');
    }
    return this.status;
  }

  /** Halts on a person's word. */
  async halt({ by, reason }: HaltRequest): Promise<GuardStatus> {
    await this.tighten('halted', reason, by);
    return this.status;
  }

  /** Refuses a restart that is not needed or that one person asks for twice. */
  refuseRestart(by: string): void {
    const [askedBy] = this.status.restartAskedBy;
    // The books are compared when the second person asks, by the activity that restarts.
    const asked = { state: this.status.state, by, differences: [], ...(askedBy !== undefined && { askedBy }) };
    const refused = refuseRestart(asked);
    if (refused) throw refusal(refused.code, refused.message);
  }

  /** The first person asks, the second makes it so; PostgreSQL refuses while the books disagree. */
  async restart(by: string): Promise<GuardStatus> {
    const [first] = this.status.restartAskedBy;
    if (first === undefined) {
      this.status = { ...this.status, restartAskedBy: [by] };
      return this.status;
    }
    const summary = `restart by ${first} and ${by}`;
    const row = await restartTrading.executeWithOptions({ summary }, [{ account: this.account, by: [first, by] }]);
    this.status = { ...this.status, ...row, restartAskedBy: [] };
    this.show();
    return this.status;
  }

  /** Shows the state in the Temporal UI. */
  show(): void {
    const { state, reason, changedBy } = this.status;
    mark({ account: this.account, stage: 'guarding', verdict: state });
    setCurrentDetails(`**${this.account}** is **${state}**: ${reason} (${changedBy})`);
  }

  private async tighten(state: 'reducing' | 'halted', reason: string, by: string): Promise<void> {
    const summary = `${state}: ${reason}`;
    const row = await tightenTradingState.executeWithOptions({ summary }, [
      { account: this.account, state, reason, by },
    ]);
    await this.adopt(row);
  }

  /** A new halt escalates, whoever made it. */
  private async adopt(row: Pick<GuardStatus, 'state' | 'reason' | 'changedBy'>): Promise<void> {
    const newlyHalted = row.state === 'halted' && this.status.state !== 'halted';
    const escalation = this.status.escalation + (newlyHalted ? 1 : 0);
    this.status = { ...this.status, ...row, escalation, ...(newlyHalted && { restartAskedBy: [] }) };
    this.show();
    if (!newlyHalted) return;
    await startChild(escalateBreaker, {
      workflowId: workflowIds.escalation(this.account, escalation),
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `${this.account}: ${row.reason}`,
      args: [{ account: this.account, number: escalation, reason: row.reason }],
    });
  }
}
