import { ParentClosePolicy, proxyActivities, setCurrentDetails, startChild } from '@temporalio/workflow';
import type { GuardActivities, TradingStateFigures } from '#activities/guardActivities.ts';
import { stricter, weighBreaker, type BreakerProfile } from '#domain/breaker.ts';
import { refuseRestart } from '#domain/restart.ts';
import type { EscalationWaits } from '#domain/tradingWaits.ts';
import { escalateBreaker } from './escalateBreaker.ts';
import type { EquityObservation, GuardStatus, HaltRequest } from './messages.ts';
import { policies } from './policies.ts';
import { refusal } from './refusal.ts';
import { mark } from './searchAttributes.ts';
import { workflowIds } from './workflowIds.ts';

const { readTradingState, tightenTradingState, restartTrading } = proxyActivities<GuardActivities>(policies.trading);

/** What a keeper starts from. */
interface KeeperRequest {
  readonly account: string;
  readonly profile: BreakerProfile;
  readonly waits: EscalationWaits;
  /** Status of the run before. */
  readonly carried?: GuardStatus;
}

/** The state of one account's guard and everything that may change it; part of the workflow `guardAccount`. */
export class AccountKeeper {
  status: GuardStatus;
  private readonly account: string;
  private readonly profile: BreakerProfile;
  private readonly waits: EscalationWaits;
  private restartsUnderWay = 0;

  constructor({ account, profile, waits, carried }: KeeperRequest) {
    this.account = account;
    this.profile = profile;
    this.waits = waits;
    this.status = carried ?? {
      account,
      state: 'active',
      reason: 'opened',
      changedBy: 'guard',
      escalation: 0,
      restartAskedBy: [],
    };
  }

  /**
   * Takes PostgreSQL's word where it is stricter, and makes PostgreSQL as strict as this guard where it is laxer. Only
   * a restart makes both laxer, and while one is under way its answer tells.
   */
  async read(): Promise<void> {
    let before: GuardStatus;
    let row: TradingStateFigures;
    do {
      before = this.status;
      row = await readTradingState.executeWithOptions({ summary: 'read PostgreSQL' }, [this.account]);
      // What changed meanwhile may have made the answer old.
    } while (before !== this.status);
    const { state, reason, changedBy } = this.status;
    if (state === 'active' || stricter(row.state, state) === row.state) return this.adopt(row);
    if (this.restartsUnderWay === 0) await this.tighten(state, reason, changedBy);
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
    this.restartsUnderWay += 1;
    try {
      const row = await restartTrading.executeWithOptions({ summary }, [{ account: this.account, by: [first, by] }]);
      this.status = { ...this.status, ...row, restartAskedBy: [] };
    } finally {
      this.restartsUnderWay -= 1;
    }
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

  /** Never laxer: an old answer may come late. A new halt escalates, whoever made it. */
  private async adopt(row: TradingStateFigures): Promise<void> {
    if (stricter(row.state, this.status.state) !== row.state) return;
    const newlyHalted = row.state === 'halted' && this.status.state !== 'halted';
    const escalation = this.status.escalation + (newlyHalted ? 1 : 0);
    this.status = { ...this.status, ...row, escalation, ...(newlyHalted && { restartAskedBy: [] }) };
    this.show();
    if (!newlyHalted) return;
    await startChild(escalateBreaker, {
      workflowId: workflowIds.escalation(this.account, escalation),
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `${this.account}: ${row.reason}`,
      args: [{ account: this.account, number: escalation, reason: row.reason, waits: this.waits }],
    });
  }
}
