import { trace } from '@opentelemetry/api';
import { InvalidArgumentError } from 'commander';
import { Failure } from '#domain/failure.ts';
import { createAuditLog } from '#infra/postgres/auditLog.ts';
import { Database } from '#infra/postgres/database.ts';
import { createMlflowRegistry } from '#infra/mlflow/mlflowRegistry.ts';
import { startTracing } from '#infra/telemetry/tracing.ts';
import { exitCodes } from '../answer.ts';
import type { CommandContext, CommandRegistration } from '../context.ts';
import { stackPlace } from '../stackPlace.ts';
import { runDemonstration } from '../start/demonstration.ts';
import { mayInventPeople, registerDemonstrationPeople } from '../start/demonstrationPeople.ts';
import type { StepProgress } from '../start/lifecycleProgress.ts';
import { startPlatform, type Platform } from '../start/platform.ts';
import { startReport, verdictText, type StartReport } from '../start/report.ts';

const service = 'plimsoll-start';
const flushTimeoutMs = 2_000;

interface StartOptions {
  readonly unattended?: boolean;
  readonly windows?: number | undefined;
}

/** `start`: everything from nothing to a traded day on paper. */
export const registerStart: CommandRegistration = (program, context) => {
  program
    .command('start', { isDefault: false })
    .option('--unattended', 'let the demonstration reviewers approve, and end after the session')
    .option('--windows <count>', 'judge only the latest windows of the walk-forward', positiveCount)
    .description('start servers and workers, carry the sample from data to a traded day, then stay up until stopped')
    .action(async ({ unattended = false, windows }: StartOptions) => {
      refuseDemonstration(context, unattended ? 'unattended' : 'attended');
      const abort = new AbortController();
      const stopped = context.untilStopped();
      const interrupted = stopped.then((signal): never => {
        abort.abort(new Error(`stopped by ${signal}`));
        throw abort.signal.reason as Error;
      });
      interrupted.catch(() => undefined);
      const { otlpEndpoint } = context.settings().settings.telemetry;
      const tracing = startTracing({ service, otlpEndpoint });
      let platform: Platform | undefined;
      try {
        const clock = stopwatch();
        const starting = startPlatform({
          place: stackPlace(context),
          checkout: context.checkout,
          rates: context.settings().settings.trading.costs,
          signal: abort.signal,
          progress: (name, text) => context.note(`${clock.spent()} s  ${name}: ${text}`),
        });
        platform = await starting;
        clock.lap('provision');
        const report = await Promise.race([
          demonstrateTraced(context, { platform, unattended, windows, clock }),
          interrupted,
          platform.stack.givenUp,
        ]);
        context.answer({ value: report, text: verdictText(report) });
        if (!unattended) {
          context.note('up until Ctrl-C');
          await stopped;
        }
      } catch (error) {
        if (!abort.signal.aborted) throw error;
        context.exitWith(exitCodes.interrupted);
      } finally {
        await Promise.all([tracing.stop(flushTimeoutMs), platform?.stack.stop()]);
      }
    });
};

// Before anything starts: neither invented reviewers nor sessions of the past may reach what is real.
function refuseDemonstration(context: CommandContext, reviewers: 'attended' | 'unattended'): void {
  const { kind } = context.settings().settings.trading.broker;
  if (kind !== 'paper-exchange') {
    throw new Failure('DEMONSTRATION_REFUSED', `recorded sessions are traded at the paper exchange, not at ${kind}`);
  }
  if (reviewers === 'unattended' && !mayInventPeople(stackPlace(context))) {
    throw new Failure('DEMONSTRATION_REFUSED', 'no reviewers are invented in a PostgreSQL that was given');
  }
}

function positiveCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('a whole number from 1 is needed.');
  return count;
}

interface Stopwatch {
  spent(): number;
  lap(name: string): void;
  laps(): Readonly<Record<string, number>>;
}

function stopwatch(): Stopwatch {
  const startedMs = Date.now();
  const laps: Record<string, number> = {};
  let lastMs = startedMs;
  return {
    spent: () => Math.round((Date.now() - startedMs) / 1_000),
    lap(name) {
      laps[name] = (laps[name] ?? 0) + Math.round((Date.now() - lastMs) / 1_000);
      lastMs = Date.now();
    },
    laps: () => ({ ...laps, total: Math.round((Date.now() - startedMs) / 1_000) }),
  };
}

type Demonstrated = Required<Pick<StartOptions, 'unattended'>> &
  Pick<StartOptions, 'windows'> & { readonly platform: Platform; readonly clock: Stopwatch };

/** Everything that the demonstration starts, signs and asks stands in one trace. */
function demonstrateTraced(context: CommandContext, given: Demonstrated): Promise<StartReport> {
  return trace.getTracer(service).startActiveSpan('start', async (span) => {
    try {
      return await demonstrate(context, given);
    } finally {
      span.end();
    }
  });
}

async function demonstrate(
  context: CommandContext,
  { platform, unattended, windows, clock }: Demonstrated,
): Promise<StartReport> {
  const { settings } = context.settings();
  const { addresses } = platform.stack;
  const people = await registerDemonstrationPeople(stackPlace(context), addresses.postgres.url);
  let step = '';
  const progress = (now: StepProgress): void => {
    if (step !== '' && step !== now.step) clock.lap(step);
    step = now.step;
    const percent = now.fraction === undefined ? '' : ` ${Math.round(now.fraction * 100)} %`;
    const left = now.secondsLeft === undefined ? '' : `, ${now.secondsLeft} s left`;
    context.note(`${clock.spent()} s  ${now.step}:${percent} ${now.text}${left}`);
  };
  const outcome = await runDemonstration({
    platform,
    settings,
    people,
    unattended,
    ...(windows !== undefined && { windowsMax: windows }),
    progress,
    awaitingReview: ({ workflowId, artifactDigest }) => {
      const logins = people.map(({ name, password }) => `${name} / ${password}`).join(', ') || 'people you added';
      context.note(`waiting for two reviewers: open ${platform.consoleUrl} (${logins})`);
      context.note(
        `or: npx plimsoll review approve ${workflowId} --digest ${artifactDigest} --comment "read the card"`,
      );
    },
  });
  clock.lap(step);
  const database = new Database({ url: addresses.postgres.url, applicationName: 'plimsoll-start', connectionsMax: 1 });
  const registry = createMlflowRegistry({ url: addresses.mlflow.url });
  try {
    const audit = await createAuditLog(database).verify();
    const runUrl = await registry.runUrl(outcome.lifecycle.training.mlflowRunId);
    const { records, verified } = audit;
    return startReport(outcome, { platform, runUrl, audit: { records, verified }, seconds: clock.laps() });
  } finally {
    await registry.close();
    await database.close();
  }
}
