import path from 'node:path';
import { Failure } from '#domain/failure.ts';
import { AlpacaBroker, type AlpacaBrokerOptions } from '../alpaca/alpacaBroker.ts';
import type { Settings } from '../configuration/schema.ts';
import { controlKeyOf } from '../paperExchange/controlKey.ts';
import { paperCredentials } from '../paperExchange/credentials.ts';
import { PaperReplayControl } from '../paperExchange/replayControl.ts';

/** The brokers of accounts: workers and the kill switch take them from here alone, so that both mean the same venue. */
export interface AccountBrokers {
  /**
   * The broker of an account, always the same object.
   * @throws Failure STACK_NOT_RUNNING where the account is at the paper exchange and none was started in this home;
   * LIVE_TRADING_NOT_ENABLED for an address that would trade real money in the mode paper
   */
  readonly brokerOf: (account: string) => AlpacaBroker;
  /** Control of the paper exchange's market time; absent where the settings' account trades elsewhere. */
  readonly replay?: PaperReplayControl;
  close(): Promise<void>;
}

/** What brokers are chosen by. */
export interface BrokerPlace {
  readonly home: string;
  readonly trading: Settings['trading'];
  /** Port of this home's paper exchange; absent when none was started. */
  readonly exchangePort: number | undefined;
  /** How long to wait for a broker, where it is not the adapter's own. */
  readonly patience?: Pick<AlpacaBrokerOptions, 'timeoutMs' | 'readAttemptsMax'>;
}

/**
 * The account of the settings is at the broker that they name; every other one was opened at this home's paper
 * exchange. Nothing is connected before it is used.
 */
export function createAccountBrokers(place: BrokerPlace): AccountBrokers {
  const { home, trading, exchangePort, patience } = place;
  const exchangeHome = path.join(home, 'paperExchange');
  const brokers = new Map<string, AlpacaBroker>();
  const isElsewhere = trading.broker.kind === 'alpaca';
  const open = (account: string): AlpacaBroker => {
    const options =
      isElsewhere && account === trading.account
        ? alpacaOptions(trading)
        : {
            tradingUrl: exchangeUrl(exchangePort, home),
            credentials: paperCredentials(controlKeyOf(exchangeHome), account),
          };
    return new AlpacaBroker({ ...options, ...patience });
  };
  return {
    brokerOf(account) {
      const broker = brokers.get(account) ?? open(account);
      brokers.set(account, broker);
      return broker;
    },
    ...(!isElsewhere &&
      exchangePort !== undefined && {
        replay: new PaperReplayControl({
          url: exchangeUrl(exchangePort, home),
          controlKey: controlKeyOf(exchangeHome),
        }),
      }),
    close: async () => void (await Promise.all([...brokers.values()].map((broker) => broker.close()))),
  };
}

function exchangeUrl(port: number | undefined, home: string): string {
  if (port === undefined) {
    throw new Failure('STACK_NOT_RUNNING', 'no paper exchange was started in this home', { home });
  }
  return `http://127.0.0.1:${port}`;
}

const alpacaUrls = { paper: 'https://paper-api.alpaca.markets', live: 'https://api.alpaca.markets' } as const;

function alpacaOptions({ mode, broker }: Settings['trading']): AlpacaBrokerOptions {
  const { tradingUrl, dataUrl, dataFeed, keyId, secretKey } = broker;
  return {
    tradingUrl: tradingUrl ?? alpacaUrls[mode],
    ...(dataUrl !== null && { dataUrl }),
    ...(dataFeed !== null && { dataFeed }),
    // The settings are refused without them.
    credentials: { keyId: keyId ?? '', secretKey: secretKey ?? '' },
    // Settings that say live were resolved only because PLIMSOLL_LIVE_ACCOUNT, the operator's own word, names the account.
    ...(mode === 'live' && { live: { configuration: 'live', operator: 'trade-real-money' } as const }),
  };
}
