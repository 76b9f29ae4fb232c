import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { createOrderActivities } from '#activities/orderActivities.ts';
import type { OrderActivities } from '#activities/orderActivities.ts';
import type { AuditLog } from '#activities/ports/auditLog.ts';
import type { Ledger } from '#activities/ports/ledger.ts';
import { money, shares } from '#domain/money.ts';
import type { OrderIntent } from '#domain/order.ts';
import { clientOrderId } from '#domain/orderState.ts';
import { AlpacaBroker } from '#infra/alpaca/alpacaBroker.ts';
import { paperExchangeApplication } from '#infra/paperExchange/application.ts';
import { paperCredentials } from '#infra/paperExchange/credentials.ts';
import { PaperExchange } from '#infra/paperExchange/exchange.ts';
import { parseRecordedBars } from '#infra/paperExchange/recordedBars.ts';
import { createAuditLog } from '#infra/postgres/auditLog.ts';
import { createLedger } from '#infra/postgres/ledger/ledger.ts';
import { friday, recordedRows } from '../paperExchange/recording.ts';
import { createTemporaryDatabase } from '../postgres/temporaryDatabase.ts';
import { MortalBroker, MortalDatabase } from './mortal.ts';

const controlKey = 'control key of the test';
const bars = parseRecordedBars(['symbol,date,open,high,low,close,volume,adjusted', ...recordedRows].join('\n'));

/** The real ledger in PostgreSQL and the real exchange over HTTP, with processes that can be killed between them. */
export interface TradingWorld {
  /** Opens an account with a million dollars at both, before the open of 2020-03-13. */
  open(account: string): Promise<TradingAccount>;
  /** The exchange dies and comes back on its journal. */
  restartExchange(): void;
  readonly exchange: () => PaperExchange;
  readonly url: string;
  stop(): Promise<void>;
}

/** One account, as the processes that trade it and as a person sees it. */
export interface TradingAccount {
  readonly account: string;
  readonly activities: OrderActivities;
  readonly ledger: Ledger;
  readonly audit: AuditLog;
  readonly database: MortalDatabase;
  readonly broker: MortalBroker;
  /** A process of its own beside the first: another worker, another session. */
  other(): TradingAccount;
  /** Ids of the account's submissions that became orders at the exchange, in order. */
  accepted(): readonly string[];
  intent(changes?: Partial<OrderIntent> & { readonly sequence?: number }): OrderIntent;
}

/** Starts a world; `statementTimeoutMs` bounds how long anybody waits for a lock. */
export async function startTradingWorld(serverUrl: string, statementTimeoutMs = 15_000): Promise<TradingWorld> {
  const temporary = await createTemporaryDatabase(serverUrl);
  const home = mkdtempSync(path.join(tmpdir(), 'plimsoll-trading-'));
  const openExchange = (): PaperExchange =>
    new PaperExchange({
      journalPath: path.join(home, 'journal.jsonl'),
      bars,
      rules: { participationFraction: 0.1, rates: { halfSpreadBasisPoints: 1, commissionBasisPoints: 3 } },
      buyingPowerMultiple: 1,
    });
  let exchange = openExchange();
  // Routes hold the exchange they were made over; a restarted one is reached through the same address.
  const current = new Proxy({} as PaperExchange, {
    get: (_, member) => {
      const value: unknown = Reflect.get(exchange, member, exchange);
      return typeof value === 'function' ? (value as (...given: unknown[]) => unknown).bind(exchange) : value;
    },
  });
  const application: FastifyInstance = paperExchangeApplication(current, controlKey);
  await application.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(application.server.address() as AddressInfo).port}`;
  const closing: (() => Promise<void>)[] = [];

  const process = (account: string): TradingAccount => {
    const made = processOf(account, { databaseUrl: temporary.url, url, statementTimeoutMs, exchange: () => exchange });
    closing.push(made.close);
    return made.process;
  };
  return {
    url,
    exchange: () => exchange,
    restartExchange: () => {
      exchange.close();
      exchange = openExchange();
    },
    async open(account) {
      const opened = process(account);
      exchange.openAccount({ account, cash: money(10_000_000_000), firstSession: friday });
      await opened.ledger.openAccount({ account, broker: 'paper', equity: money(10_000_000_000) });
      await opened.ledger.openSession(account, friday);
      return opened;
    },
    async stop() {
      for (const close of closing) await close();
      await application.close();
      exchange.close();
      rmSync(home, { recursive: true, force: true });
      await temporary.drop();
    },
  };
}

interface Surroundings {
  readonly databaseUrl: string;
  readonly url: string;
  readonly statementTimeoutMs: number;
  readonly exchange: () => PaperExchange;
}

/** A process of its own: its connections, its broker, its life. */
function processOf(
  account: string,
  surroundings: Surroundings,
): { readonly process: TradingAccount; readonly close: () => Promise<void> } {
  const { databaseUrl, url, statementTimeoutMs, exchange } = surroundings;
  const applicationName = `test-${account}`;
  const database = new MortalDatabase({ url: databaseUrl, applicationName, connectionsMax: 8, statementTimeoutMs });
  const credentials = paperCredentials(controlKey, account);
  const alpaca = new AlpacaBroker({ tradingUrl: url, credentials, timeoutMs: 5_000, retryWaitMs: 5 });
  const broker = new MortalBroker(alpaca);
  const ledger = createLedger(database);
  const others: (() => Promise<void>)[] = [];
  return {
    process: {
      account,
      database,
      broker,
      ledger,
      audit: createAuditLog(database),
      activities: createOrderActivities({ ledger, brokerOf: () => broker }),
      other: () => {
        const made = processOf(account, surroundings);
        others.push(made.close);
        return made.process;
      },
      accepted: () =>
        (exchange().account(account)?.submissions ?? [])
          .filter(({ outcome }) => outcome === 'accepted')
          .map((submission) => submission.clientOrderId),
      intent: ({ sequence = 0, ...changes } = {}) => intentOf(account, sequence, changes),
    },
    close: async () => {
      for (const closeOther of others) await closeOther();
      await database.close();
      await alpaca.close();
    },
  };
}

function intentOf(account: string, sequence: number, changes: Partial<OrderIntent>): OrderIntent {
  const symbol = changes.symbol ?? 'AAPL';
  return {
    clientOrderId: clientOrderId({ account, session: friday, strategy: 'test', symbol, sequence }),
    account,
    session: friday,
    strategy: 'test',
    symbol,
    side: 'buy',
    quantity: shares(10),
    kind: { kind: 'market' },
    timeInForce: 'day',
    reduceOnly: false,
    ...changes,
  };
}
