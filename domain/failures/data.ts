import type { FailureEntry } from './entry.ts';

/** Failures of the area: data. */
export const dataFailures = {
  DATABASE_UNREACHABLE: {
    summary: 'PostgreSQL did not take a connection, or broke one.',
    action: 'Check that it runs (`plimsoll status`); calls are repeated with longer waits.',
    retry: 'backoff',
  },
  DATABASE_TIMED_OUT: {
    summary: 'PostgreSQL gave up a statement that ran, or waited for a lock, longer than its limit.',
    action: 'Look for a long transaction in pg_stat_activity; the call is safe to repeat.',
    retry: 'backoff',
  },
  DATABASE_CONTENDED: {
    summary: 'A transaction met serialization failures or deadlocks at every attempt.',
    action: 'The call is safe to repeat; if it persists, look for what else writes the same rows.',
    retry: 'backoff',
  },
  ROW_CONFLICT: {
    summary: 'A row that is written once was to be written again with other contents.',
    action: 'Compare the two contents the message names: two different things were given one identity.',
    retry: 'never',
  },
  LINEAGE_BROKEN: {
    summary: 'A row was to point at a snapshot, feature set, artifact, decision or account that is not recorded.',
    action: 'Record what it came from first; nothing was written.',
    retry: 'never',
  },
  AUDIT_CHAIN_BROKEN: {
    summary: 'The audit chain has lost its head: somebody changed its tables by hand.',
    action: 'Run `plimsoll audit verify`, restore the audit tables from a backup and find out who had access.',
    retry: 'never',
  },
  OBJECT_MISSING: {
    summary: 'No object has the key.',
    action: 'Check the bucket and that nobody removed objects; what is content-addressed can be produced again.',
    retry: 'never',
  },
  OBJECT_STORE_UNREACHABLE: {
    summary: 'The object store did not answer, or answered with a fault of its own.',
    action: 'Check that it runs (`plimsoll status`) and has space; calls are repeated with longer waits.',
    retry: 'backoff',
  },
  OBJECT_STORE_REFUSED: {
    summary: 'The object store refused a request: wrong credentials, no right to the bucket, or a bad key.',
    action: 'Check the access key, the secret key and the bucket in the configuration.',
    retry: 'never',
  },
  TABLE_UNREADABLE: {
    summary: 'Bytes that should be a Parquet file of text and 64-bit float columns are something else.',
    action: 'Fetch the object again and compare its digest; a damaged or foreign file is never guessed at.',
    retry: 'never',
  },
  REGIME_OF_ONE_MARKET: {
    summary: 'The volatility regime was asked of a file that has several symbols, or none that can be trusted.',
    action: 'Give a file of one symbol; `plimsoll data check` tells what is wrong with its rows.',
    retry: 'never',
  },
  UNIVERSE_INVALID: {
    summary: 'A file of index memberships or sectors cannot be read as one, or contradicts itself.',
    action:
      'Mend the line that the message names: a symbol, the first day, and the first day no more a member or empty.',
    retry: 'never',
  },
  SAMPLE_DATA_UNREADABLE: {
    summary: 'The packaged sample data is missing or has a row that is no bar.',
    action: 'Run `plimsoll up` to provision it again; the message names the file and the line.',
    retry: 'never',
  },
  DATA_CONTRACT_BROKEN: {
    summary: 'Fetched bars break a rule of the data contract that nothing can repair.',
    action: 'Read the report of the check; nothing was published and the previous snapshot stays current.',
    retry: 'never',
  },
  SNAPSHOT_INVALID: {
    summary: 'Bars or a table cannot be a snapshot: a figure is not finite, or rows are unsorted, repeated or missing.',
    action: 'Run the data contract first; for a stored table, fetch the object again and compare its digest.',
    retry: 'never',
  },
  SNAPSHOT_UNKNOWN: {
    summary: 'The catalogue holds no snapshot of the digest, or no snapshot of the dataset, that was named.',
    action: 'Name one that `plimsoll data snapshots` lists.',
    retry: 'never',
  },
  SNAPSHOT_DAMAGED: {
    summary: 'A file of a snapshot is not the one its manifest names.',
    action: 'Keep the object as evidence, remove it, and ingest the same dataset as of the same session again.',
    retry: 'never',
  },
  BACKFILL_REFUSED: {
    summary: 'A range of sessions cannot be fitted into the snapshot that is current.',
    action: 'Correct the range, or ingest the whole history: prices adjusted by a provider fit only on one scale.',
    retry: 'never',
  },
  INGEST_REFUSED: {
    summary: 'An ingest was asked for by hand that cannot be meant.',
    action: 'Correct what the message names; nothing was started.',
    retry: 'never',
  },
  INGEST_RUNNING: {
    summary: 'An ingest of the dataset as of that session runs already, asked for otherwise.',
    action: 'Wait until it is over (`plimsoll data snapshots` then lists it), or end it in the Temporal UI.',
    retry: 'never',
  },
  PROVIDER_UNKNOWN: {
    summary: 'An ingest names a provider that the worker does not have.',
    action: 'Take one that `plimsoll data providers` lists; a worker of an older version knows fewer.',
    retry: 'never',
  },
  FEATURE_SPEC_INVALID: {
    summary: 'A feature set names an unknown indicator or parameter, lacks one, or gives one a bad value.',
    action: 'Correct the feature set; the message names the feature and what it may say.',
    retry: 'never',
  },
  INDICATOR_UNKNOWN: {
    summary: 'There is no technical indicator of the name that was given, or it is not written as one.',
    action: 'Name those that `plimsoll features list` shows, e.g. `RSI(14),MACD(12,26,9)`.',
    retry: 'never',
  },
  INDICATOR_PARAMETERS_INVALID: {
    summary: 'A technical indicator was given too many parameters, an unknown one, or a value out of its range.',
    action: 'Correct the value the message names; `plimsoll features list` shows names, defaults and ranges.',
    retry: 'never',
  },
  INDICATOR_INPUT_MISSING: {
    summary: 'A technical indicator reads a column that the file of bars does not have.',
    action: 'Give a file with the column the message names, or leave the indicator out.',
    retry: 'never',
  },
  OBSERVATIONS_UNREADABLE: {
    summary: 'Alternative data lacks a column, or a row of it has no time of arrival or no value.',
    action: 'Correct the file at the line that the message names; it needs columns arrived and value.',
    retry: 'never',
  },
  FEATURES_INSUFFICIENT: {
    summary: 'A feature has no value in the sessions that need it: those it was to be scaled on, or to be traded from.',
    action:
      'Give training more sessions than the longest warm-up, or shorten the look-backs; before a session, ingest the bars that are missing.',
    retry: 'never',
  },
  SESSIONS_INSUFFICIENT: {
    summary:
      'There are fewer sessions than the plan of training, testing or holding back needs, or an episode of an agent.',
    action: 'Shorten the windows of the plan or the episodes (`episodeSessions`), or ingest more sessions.',
    retry: 'never',
  },
  FILE_UNREADABLE: {
    summary: 'A file that was named cannot be read: it is missing, not permitted, or a damaged archive.',
    action: 'Check the path and its rights; fetch a damaged archive again.',
    retry: 'never',
  },
  RECORDING_UNREADABLE: {
    summary: 'A line of a recorded feed is none of the messages its format knows.',
    action: 'Read the line the message names; a recording is never guessed at, so cut it out or record again.',
    retry: 'never',
  },
  BARS_UNREADABLE: {
    summary: 'A file that should hold bars or trades within sessions holds something else, or a row that is none.',
    action: 'Read the line the message names; correct or leave out the file: a bar is never guessed at.',
    retry: 'never',
  },
  TRADES_UNREADABLE: {
    summary: 'A file of trades lacks a column, or a row of it is no trade.',
    action:
      'Give executions (date, symbol, side, quantity, price, and costs such as commission) or closed trades (symbol, opened, ' +
      'closed, profit); the message names the line.',
    retry: 'never',
  },
  BARS_UNJOINABLE: {
    summary:
      'Bars cannot be joined into the longer ones asked for: a repeated stamp, or a length that does not divide.',
    action: 'Ask for a length that is a multiple of the bars given, and give every bar once.',
    retry: 'never',
  },
  ACTIONS_MISSING: {
    summary:
      'Prices that come adjusted were to be shown as of a day, without the splits and dividends that are in them.',
    action: 'Give raw prices with their splits and dividends, or leave out --as-of.',
    retry: 'never',
  },
  STAMPS_AMBIGUOUS: {
    summary: 'The stamps of bars do not tell whether they mean the beginning or the end of a bar.',
    action: 'Ask the vendor and say it: `--stamps start` or `--stamps end`. A guess would shift every bar.',
    retry: 'never',
  },
  FILE_FORMAT_UNKNOWN: {
    summary: 'There is no file format of the name that was given.',
    action: 'Name one that `plimsoll data formats` lists, or bring the file into the format `plimsoll`.',
    retry: 'never',
  },
  FEED_REFUSED: {
    summary: 'A vendor of live data refused us: wrong key, no right to the data, or a symbol it does not carry.',
    action:
      "Check the key, the plan it belongs to and the symbols; the message has the vendor's words. It is not tried again.",
    retry: 'never',
  },
  FEED_UNREACHABLE: {
    summary: 'A feed of live data did not come up after all the attempts that were allowed.',
    action: "Check the vendor's status page and the network; the message has the last reason.",
    retry: 'backoff',
  },
  FEED_KEY_MISSING: {
    summary: 'A feed of live data was to be opened without the key that its vendor asks for.',
    action: 'Set the variable that the message names to the key of your account at the vendor.',
    retry: 'never',
  },
  EXCHANGE_UNKNOWN: {
    summary: 'There is no calendar of the exchange that was named.',
    action: 'Name one by its market identifier code, e.g. XNYS; the message lists those that are known.',
    retry: 'never',
  },
} as const satisfies Readonly<Record<string, FailureEntry>>;
