import type { FailureEntry } from './entry.ts';

/** Failures of the area: trading. */
export const tradingFailures = {
  BROKER_ANSWER_LOST: {
    summary: 'An order was sent and no definite answer came back: it may or may not stand at the venue.',
    action:
      'Nothing is sent again. Reconciliation asks the broker by client order id; only proven absence allows another send.',
    retry: 'never',
  },
  BROKER_UNREACHABLE: {
    summary: 'The broker did not answer a question or a cancellation, after every attempt.',
    action: "Look at the broker's status page and the network; the call is repeated with longer waits.",
    retry: 'backoff',
  },
  BROKER_CREDENTIALS_REFUSED: {
    summary: "The broker refused the account's API key.",
    action: 'Check the key pair and that it belongs to this address (paper and live keys differ), then start again.',
    retry: 'never',
  },
  BROKER_REFUSED: {
    summary: 'The broker refused a request that is not an order.',
    action: "Read the broker's words in the message; a changed interface or a wrong address is likely.",
    retry: 'never',
  },
  BROKER_ANSWER_UNREADABLE: {
    summary: 'The broker answered outside its specification, or with a figure that our integers cannot hold exactly.',
    action: 'Halt the account, compare the quoted answer with the specification and settle the position by hand.',
    retry: 'never',
  },
  CLIENT_ORDER_ID_TAKEN: {
    summary: 'The broker holds a different order under the client order id that was to be sent.',
    action: 'Halt the account and find who sent that order: two senders share an account or an identity was reused.',
    retry: 'never',
  },
  LIVE_TRADING_NOT_ENABLED: {
    summary: 'An address that would trade real money was given without both live switches.',
    action: 'Use the paper address, or set the live mode in the configuration and repeat it as the operator at start.',
    retry: 'never',
  },
  REPLAY_REFUSED: {
    summary: 'The paper exchange refused a control request: an unknown session or account, or market time going back.',
    action: 'Read the message; market time only moves forward, over recorded sessions.',
    retry: 'never',
  },
  REPLAY_UNREACHABLE: {
    summary: 'The control interface of the paper exchange did not answer.',
    action: 'Check that the paper exchange runs (`plimsoll status`); the call is safe to repeat.',
    retry: 'backoff',
  },
  PAPER_EXCHANGE_IN_USE: {
    summary: 'Another paper exchange already writes the journal in this directory.',
    action: 'Use the running one, or stop it first.',
    retry: 'never',
  },
  PAPER_EXCHANGE_JOURNAL_CORRUPT: {
    summary: "A line in the middle of the paper exchange's journal was altered or lost.",
    action: 'Restore the journal from a copy, or reset the paper accounts; the exchange will not guess.',
    retry: 'never',
  },
  PAPER_EXCHANGE_NOT_STARTED: {
    summary: 'The paper exchange ended, or did not become ready in time, after it was started.',
    action: 'Read its last words in the message and its log.',
    retry: 'backoff',
  },
  RECORDED_BARS_UNREADABLE: {
    summary: 'The file of recorded bars is missing or has a row that is no bar.',
    action: 'Give a CSV file with symbol,date,open,high,low,close,volume,adjusted; the message names the line.',
    retry: 'never',
  },
  ACCOUNT_UNKNOWN: {
    summary: 'No account of this name was opened.',
    action: 'Open the account, or correct its name: `plimsoll sessions list` shows the accounts.',
    retry: 'never',
  },
  RESTART_UNRECONCILED: {
    summary: 'A restart was refused because our book and the broker disagree.',
    action:
      'Settle the differences named in the message at the broker, acknowledge fills that are not ours with `plimsoll incidents acknowledge`, then ask again.',
    retry: 'never',
  },
  FOREIGN_FILL_UNKNOWN: {
    summary: 'The account has no fill of an order that is not ours under this key.',
    action: 'Take the key from `plimsoll incidents list ACCOUNT`.',
    retry: 'never',
  },
  CHAMPION_MISSING: {
    summary: 'The model has no version with the alias champion.',
    action: 'Promote a candidate first: `plimsoll review list` shows those that wait.',
    retry: 'never',
  },
  CHAMPION_NOT_APPROVED: {
    summary: 'The champion in the registry has no approval bound to its bytes.',
    action: 'Somebody moved the alias by hand: move it back, or promote the version through review.',
    retry: 'never',
  },
  SNAPSHOT_STALE: {
    summary: 'The newest snapshot does not reach the session before the one to trade.',
    action: 'Ingest the missing sessions, then start the session again.',
    retry: 'backoff',
  },
  ORDER_UNKNOWN: {
    summary: 'No order was written under the client order id.',
    action:
      'Compare the id with the account and session it names; an order of the broker that is not ours is reconciled.',
    retry: 'never',
  },
  ORDER_STATE_CONFLICT: {
    summary: 'An order was to leave its end, or to take a state that its own state does not lead to.',
    action: "Halt the account and compare our row with the broker's order; one of the two answers was wrong.",
    retry: 'never',
  },
  ACCOUNT_HALTED: {
    summary: 'A session was to trade an account that is halted.',
    action:
      'Find why in the message and with `plimsoll guard status`, acknowledge the escalation, then restart by two people.',
    retry: 'never',
  },
  BOOKS_DISAGREE: {
    summary: 'A session decided nothing because our book and the broker disagree.',
    action:
      'Settle the differences named in the message at the broker, acknowledge fills that are not ours with `plimsoll incidents acknowledge`, then start the session again.',
    retry: 'never',
  },
  SESSION_CLOSED: {
    summary: 'A session was started again that was traded and closed.',
    action: 'Nothing; its report stands. Trade the next session.',
    retry: 'never',
  },
  SESSION_PAST: {
    summary: 'A session was started after a later one of the account was opened.',
    action: 'Nothing; the later session decides anew. Look why the earlier one came late.',
    retry: 'never',
  },
  SESSION_NOT_OPEN: {
    summary: 'A session was to be closed that was never opened.',
    action: 'Start the session through its workflow; its first step opens it.',
    retry: 'never',
  },
  RESTART_SAME_PERSON: {
    summary: 'One person alone asked to restart a halted account.',
    action: 'Let a second person confirm the restart.',
    retry: 'never',
  },
  RESTART_NOT_NEEDED: {
    summary: 'A restart was asked for an account that trades.',
    action: 'Nothing; look at the guard with `plimsoll guard status` if you expected a halt.',
    retry: 'never',
  },
} as const satisfies Readonly<Record<string, FailureEntry>>;
