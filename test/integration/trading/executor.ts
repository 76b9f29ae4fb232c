import type { OrderActivities, OrderProgress } from '#activities/orderActivities.ts';
import type { OrderIntent } from '#domain/order.ts';
import { isEndState } from '#domain/orderState.ts';

/** Where the executor of one order stands; the same steps as the workflow `executeOrder`, one activity at a time. */
export type Stage = 'submit' | 'ask' | 'askAgain' | 'resend' | 'working' | 'cancel' | 'cancelAsk' | 'giveUp' | 'done';

/** Carries one order on, one activity a call; an activity that failed leaves it where the workflow would stand. */
export class Executor {
  stage: Stage = 'submit';
  progress: OrderProgress | undefined;
  readonly intent: OrderIntent;

  constructor(intent: OrderIntent) {
    this.intent = intent;
  }

  /** A person cancels the order's workflow: from now on it only cancels. */
  cancel(): void {
    if (this.stage !== 'done') this.stage = 'cancel';
  }

  /** The next activity. What it throws the workflow survives: a failed submission is unknown, all else is repeated. */
  async step(activities: OrderActivities): Promise<void> {
    const { intent } = this;
    switch (this.stage) {
      case 'submit':
        this.stage = 'ask';
        return this.#followed(await activities.submitOrder(intent));
      case 'resend':
        this.stage = 'ask';
        return this.#followed(await activities.resendAbsentOrder(intent));
      case 'ask':
      case 'askAgain':
      case 'working': {
        const answer = await activities.askOrder(intent);
        if (answer.kind === 'known') return this.#followed(answer.progress);
        if (answer.kind === 'neverSent') this.stage = 'submit';
        else this.stage = this.stage === 'askAgain' ? 'resend' : 'askAgain';
        return;
      }
      case 'cancel':
        return this.#cancelled(await activities.cancelOrder(intent), 'cancelAsk');
      case 'cancelAsk': {
        const answer = await activities.askOrder(intent);
        this.stage = answer.kind === 'absent' ? 'giveUp' : 'cancel';
        return;
      }
      case 'giveUp':
        this.stage = 'cancel';
        return this.#cancelled(await activities.giveUpAbsentOrder(intent), 'cancel');
      case 'done':
    }
  }

  #followed(progress: OrderProgress): void {
    this.progress = progress;
    if (progress.state === 'unknown') this.stage = 'ask';
    else this.stage = isEndState(progress.state) ? 'done' : 'working';
  }

  #cancelled(progress: OrderProgress, otherwise: Stage): void {
    this.progress = progress;
    if (isEndState(progress.state)) this.stage = 'done';
    else this.stage = progress.state === 'unknown' ? otherwise : 'cancel';
  }
}
