import { Option, type Command } from 'commander';
import { closeMs, isSession } from '#domain/calendar.ts';
import { Failure } from '#domain/failure.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { Settings } from '#infra/configuration/schema.ts';
import { providerNames } from '#infra/configuration/sections/providers.ts';
import { writeWholeFile } from '#infra/files/tableFile.ts';
import { exitCodes } from '../../answer.ts';
import { atDesk, type CommandContext } from '../../context.ts';
import type { IngestedSnapshot, IngestOrder } from '../../desk/desk.ts';
import { shellUser } from '../../identity.ts';
import { asDate } from './formatOption.ts';
import { symbolsOf } from './symbolsOption.ts';

interface IngestOptions {
  readonly dataset?: string;
  readonly provider?: string;
  readonly symbols?: readonly string[];
  readonly asOf?: SessionDate;
  readonly from?: SessionDate;
  readonly to?: SessionDate;
  readonly report?: string;
}

/** `data ingest`: what the schedule does after each close, by hand. */
export function registerDataIngest(data: Command, context: CommandContext): void {
  data
    .command('ingest')
    .description('fetch, check and publish a dataset as a snapshot; ends with 3 when the data contract refuses it')
    .option('--dataset <name>', 'dataset to publish as; the configured one when absent')
    .addOption(new Option('--provider <name>', 'source of a dataset of its own').choices(providerNames))
    .option('--symbols <list>', 'symbols of a dataset of its own, e.g. AAPL,BRK.B', symbolsOf)
    .option('--as-of <session>', "last session; the last that closed at the account's venue when absent", asDate)
    .option('--from <session>', 'first session to fetch anew: a backfill; the whole history when absent', asDate)
    .option('--to <session>', 'last session to fetch anew; the one that --as-of says when absent', asDate)
    .option('--report <file>', 'write the report of the run as one HTML page')
    .action((options: IngestOptions) =>
      atDesk(context, async ({ ingests }) => {
        const { settings } = context.settings();
        const asOf = options.asOf ?? (await ingests.lastClosedSession(settings.trading.account));
        const request = requestOf(options, { asOf, data: settings.data });
        const interrupted = context.untilStopped().then(() => undefined);
        context.note(`ingesting ${request.dataset} as of ${asOf}`);
        const by = context.environment.PLIMSOLL_REVIEWER ?? shellUser();
        const running = ingests.run({ request, by }, context.note);
        // Once nobody follows it, its end is told by the servers.
        running.catch(() => undefined);
        const done = await Promise.race([running, interrupted]);
        if (!done) {
          context.note('it goes on in the servers; the same command follows it again');
          context.exitWith(exitCodes.interrupted);
          return;
        }
        if (options.report !== undefined) await writeWholeFile(options.report, await ingests.report(done.report));
        context.answer({ value: done, text: ingestText(done) });
      }),
    );
}

/** @throws Failure INGEST_REFUSED for a request that cannot be meant */
function requestOf(
  { dataset, provider, symbols, from, to }: IngestOptions,
  { asOf, data }: { readonly asOf: SessionDate; readonly data: Settings['data'] },
): IngestOrder['request'] {
  if (!isSession(asOf)) throw refused(`the exchange does not trade on ${asOf}`);
  if (closeMs(asOf) > Date.now()) throw refused(`the session of ${asOf} has not closed: its bar is not whole`);
  if (to !== undefined && from === undefined) throw refused('--to needs --from: say where the range begins');
  const range = from && { from, to: to ?? asOf };
  const named = dataset ?? data.dataset;
  if (provider === undefined && symbols === undefined) return { dataset: named, asOf, ...(range && { range }) };
  // Tomorrow's schedule would tell all of it anew.
  if (named === data.dataset) {
    throw refused(`${named} has the source that the configuration says: give another --dataset`);
  }
  const source = { provider: provider ?? data.provider, symbols: symbols ?? data.symbols };
  return { dataset: named, asOf, ...(range && { range }), source };
}

function refused(message: string): Failure {
  return new Failure('INGEST_REFUSED', message);
}

function ingestText({ digest, dataset, asOf, symbols, rows, findings, report }: IngestedSnapshot): string {
  return [
    `snapshot  ${digest}`,
    `of        ${dataset} as of ${asOf}, ${symbols.length} symbols, ${rows} rows`,
    `findings  ${findings}`,
    `report    ${report}`,
  ].join('\n');
}
