import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ParentClosePolicy,
  proxyActivities,
  setCurrentDetails,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import type { GuardActivities, TradingStateFigures } from '#activities/guardActivities.ts';
import { lossesOf, stricter, weighBreaker, type BreakerProfile } from '#domain/breaker.ts';
import { refuseRestart } from '#domain/restart.ts';
import type { Tightening } from '#domain/tightening.ts';
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
    if (this.restartsUnderWay === 0) await this.tighten({ state, reason, by: changedBy });
  }

  /** Weighs an observation; the state only becomes stricter here. */
  async observe(observation: EquityObservation): Promise<GuardStatus> {
    this.status = { ...this.status, lastObservation: observation };
    const { state, triggers } = weighBreaker({ state: this.status.state, ...observation }, this.profile);
    if (state !== this.status.state && state !== 'active') {
      const { equity, dayOpenEquity, highWaterMark } = observation;
      const figures = { equity, dayOpenEquity, highWaterMark, ...lossesOf(observation) };
      await this.tighten({ state, reason: triggers.map(({ text }) => text).join('; '), by: 'breaker', figures });
    }
    this.tell();
    return this.status;
  }

  /** Halts on a person's word. */
  async halt({ by, reason }: HaltRequest): Promise<GuardStatus> {
    await this.tighten({ state: 'halted', reason, by });
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
      this.status = { ...this.status, ...wordOf(row), restartAskedBy: [] };
    } finally {
      this.restartsUnderWay -= 1;
    }
    this.show();
    return this.status;
  }

  /** Shows the state in the Temporal UI. */
  show(): void {
    mark({ account: this.account, stage: 'guarding', verdict: this.status.state });
    this.tell();
  }

  /** Tells the state and the last observation's figures to whoever looks. */
  private tell(): void {
    const { state, reason, changedBy, lastObservation: seen } = this.status;
    setCurrentDetails(`**${this.account}** is **${state}**: ${reason} (${changedBy})${seen ? figuresIn(seen) : ''}`);
  }

  private async tighten(word: Omit<Tightening, 'account'>): Promise<void> {
    const summary = `${word.state}: ${word.reason}`;
    await this.adopt(await tightenTradingState.executeWithOptions({ summary }, [{ account: this.account, ...word }]));
  }

  /** Never laxer: an old answer may come late. A new halt escalates, whoever made it. */
  private async adopt(row: TradingStateFigures): Promise<void> {
    if (stricter(row.state, this.status.state) !== row.state) return;
    const newlyHalted = row.state === 'halted' && this.status.state !== 'halted';
    // Every halt has a number of its own in PostgreSQL, whatever became of the guard that escalated the one before.
    const escalation = newlyHalted ? row.changes : this.status.escalation;
    this.status = { ...this.status, ...wordOf(row), escalation, ...(newlyHalted && { restartAskedBy: [] }) };
    this.show();
    if (newlyHalted) await this.escalate(escalation, row.reason);
  }

  /** One halt escalates once: a guard that began anew finds the escalation of its account's halt under way, or done. */
  private async escalate(number: number, reason: string): Promise<void> {
    try {
      await startChild(escalateBreaker, {
        workflowId: workflowIds.escalation(this.account, number),
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: `${this.account}: ${reason}`,
        args: [{ account: this.account, number, reason, waits: this.waits }],
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }
}

/** What a guard takes over of PostgreSQL's row. */
function wordOf({ state, reason, changedBy }: TradingStateFigures): Omit<TradingStateFigures, 'changes'> {
  return { state, reason, changedBy };
}

function figuresIn(observation: EquityObservation): string {
  const { drawdownFraction, dailyLossFraction } = lossesOf(observation);
  const percent = (fraction: number): string => `${(fraction * 100).toFixed(2)} %`;
  const equity = (observation.equity / 10_000).toFixed(2);
  return `\n\nEquity ${equity} dollars, drawdown ${percent(drawdownFraction)}, loss of the day ${percent(dailyLossFraction)}`;
}
