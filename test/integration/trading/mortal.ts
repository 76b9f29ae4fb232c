import type { QueryResultRow } from 'pg';
import type { Broker, SubmitAnswer } from '#activities/ports/broker.ts';
import { Failure } from '#domain/failure.ts';
import type { OrderIntent } from '#domain/order.ts';
import { Database } from '#infra/postgres/database.ts';
import type { Queryable, TransactionOptions } from '#infra/postgres/database.ts';

/** How a process ends in these tests. */
export class Killed extends Error {}

/** The life of one process: it may take so many steps, and every step after its death fails. */
export class Life {
  taken = 0;
  readonly stepsMax: number;

  constructor(stepsMax = Number.POSITIVE_INFINITY) {
    this.stepsMax = stepsMax;
  }

  /** One step; a process that is dead takes none. */
  step(): void {
    if (this.taken >= this.stepsMax) throw new Killed();
    this.taken += 1;
  }
}

/** A pool of connections in a process that may die before and after each statement and each commit. */
export class MortalDatabase extends Database {
  life = new Life();

  override async query<Row extends QueryResultRow>(
    statement: string,
    values?: readonly unknown[],
  ): Promise<readonly Row[]> {
    const { life } = this;
    return lived(life, () => super.query<Row>(statement, values));
  }

  /** A process that dies before its commit takes its connection with it, which rolls back. */
  override transaction<Answer>(
    work: (transaction: Queryable) => Promise<Answer>,
    options?: TransactionOptions,
  ): Promise<Answer> {
    const { life } = this;
    const mortal = async (transaction: Queryable): Promise<Answer> =>
      lived(life, () =>
        work({ query: (statement, values) => lived(life, () => transaction.query(statement, values)) }),
      );
    return lived(life, () => super.transaction(mortal, options));
  }
}

/** What becomes of one submission on its way. */
export type Passage = 'arrives' | 'requestLost' | 'answerLost' | 'arrivesLate';

/** A broker reached from a mortal process over a network that loses and delays submissions. */
export class MortalBroker implements Broker {
  life = new Life();
  passage: Passage = 'arrives';
  /** Waited for before a submission leaves: a process that freezes just before it sends. */
  frozen: Promise<void> = Promise.resolve();
  readonly late: (() => Promise<SubmitAnswer>)[] = [];
  readonly #broker: Broker;

  constructor(broker: Broker) {
    this.#broker = broker;
  }

  get name(): string {
    return this.#broker.name;
  }

  get refusesDuplicateClientOrderIds(): boolean {
    return this.#broker.refusesDuplicateClientOrderIds;
  }

  readonly clock: Broker['clock'] = () => lived(this.life, () => this.#broker.clock());
  readonly account: Broker['account'] = () => lived(this.life, () => this.#broker.account());
  readonly positions: Broker['positions'] = () => lived(this.life, () => this.#broker.positions());
  readonly openOrders: Broker['openOrders'] = () => lived(this.life, () => this.#broker.openOrders());
  readonly cancel: Broker['cancel'] = (id) => lived(this.life, () => this.#broker.cancel(id));
  readonly fills: Broker['fills'] = (session) => lived(this.life, () => this.#broker.fills(session));
  readonly adjustments: Broker['adjustments'] = (session) => lived(this.life, () => this.#broker.adjustments(session));
  readonly lastTrades: Broker['lastTrades'] = (symbols) => lived(this.life, () => this.#broker.lastTrades(symbols));
  readonly orderByClientOrderId: Broker['orderByClientOrderId'] = (id) =>
    lived(this.life, () => this.#broker.orderByClientOrderId(id));

  readonly submit: Broker['submit'] = async (intent) => {
    await this.frozen;
    return lived(this.life, () => this.#passed(intent));
  };

  /** Lets every submission that was delayed arrive now. */
  async deliverLate(): Promise<void> {
    for (const arrive of this.late.splice(0)) await arrive();
  }

  async #passed(intent: OrderIntent): Promise<SubmitAnswer> {
    const { passage } = this;
    if (passage === 'arrives') return this.#broker.submit(intent);
    if (passage === 'answerLost') await this.#broker.submit(intent);
    if (passage === 'arrivesLate') this.late.push(() => this.#broker.submit(intent));
    throw new Failure('BROKER_ANSWER_LOST', `no answer to order ${intent.clientOrderId}: ${passage}`, {});
  }
}

async function lived<Answer>(life: Life, work: () => Promise<Answer>): Promise<Answer> {
  life.step();
  const answer = await work();
  life.step();
  return answer;
}
