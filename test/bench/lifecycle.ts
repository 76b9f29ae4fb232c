import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { startPlatform, type Platform } from '#console/start/platform.ts';
import { validationPlan } from '#console/start/validationPlan.ts';
import { previousSession } from '#domain/calendar.ts';
import { loadSettings } from '#infra/configuration/loadSettings.ts';
import { loadPlan } from '#infra/configuration/plan.ts';
import { resolveSettings } from '#infra/configuration/resolveSettings.ts';
import type { Settings } from '#infra/configuration/schema.ts';
import { controlKeyOf } from '#infra/paperExchange/controlKey.ts';
import { PaperReplayControl } from '#infra/paperExchange/replayControl.ts';
import { cacheFolder } from '#infra/stack/cache.ts';
import { endWithParent } from '#infra/stack/endWithParent.ts';
import { createLogger } from '#infra/telemetry/logger.ts';
import { openWorld } from '#workers/world.ts';
import { lineText, median, rounded } from './figures.ts';
import { durableLifecycle } from './durableLifecycle.ts';
import { emptyStores } from './emptyStores.ts';
import { lifecycleSteps, runLifecycle, type LifecyclePass, type LifecycleWay } from './lifecycleWork.ts';
import { plainLifecycle } from './plainLifecycle.ts';
import { processorSeconds } from './processorSeconds.ts';

// What durability costs: ingest, train, walk-forward and backtest as plain functions (the peer) beside the same through
// Temporal (ours), on the same servers, each pass from empty stores, in turns:
// `npm run bench -- lifecycle [--windows N] [--rounds 2] [--json]`.
const { values } = parseArgs({
  options: {
    windows: { type: 'string' },
    rounds: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
  },
});
const checkout = fileURLToPath(new URL('../..', import.meta.url));
const startedMs = Date.now();
const rounds = wholeNumber(values.rounds);
const windowsMax = values.windows === undefined ? undefined : wholeNumber(values.windows);
/** Overhead that is accepted: this part of the plain time, or these seconds, whichever is more. */
const overheadMax = { fraction: 0.1, seconds: 15 } as const;

type Side = 'plain' | 'durable';
type Pass = LifecyclePass & { readonly processorSeconds: number };
type Passes = Readonly<Record<Side, readonly Pass[]>>;

async function bench(home: string): Promise<void> {
  process.env.PLIMSOLL_HOME = home;
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => abort.abort(new Error(`stopped by ${signal}`)));
  // Its own servers on free ports, whatever this checkout is configured to use.
  const { stack, trading } = resolveSettings({ environment: {} });
  const place = { home, cache: cacheFolder(), ports: stack.ports, given: {} };
  const platform = await startPlatform({
    place,
    checkout,
    rates: trading.costs,
    progress: note,
    signal: abort.signal,
  });
  try {
    const passes = await Promise.race([runPasses(platform, home), rejectedBy(abort.signal)]);
    print(passes);
  } finally {
    await platform.stack.stop();
  }
}

async function runPasses(platform: Platform, home: string): Promise<Passes> {
  const { settings } = loadSettings({ checkout, environment: process.env });
  const open = (modelProcessesMax: number): ReturnType<typeof openWorld> =>
    openWorld({
      home,
      cache: cacheFolder(),
      service: 'plimsoll-bench',
      logger: createLogger({ service: 'plimsoll-bench', level: 'warn' }),
      trading: settings.trading,
      data: settings.data,
      approvalsRequired: settings.promotion.reviewersRequired,
      modelProcessesMax,
    });
  // The same model processes as the workers have: one for training, two for validation, none shared.
  const [trainer, validator] = await Promise.all([open(1), open(2)]);
  const { addresses } = platform.stack;
  const connection = await Connection.connect({ address: addresses.temporal.address });
  const client = new Client({ connection, namespace: addresses.temporal.namespace });
  const ways: Readonly<Record<Side, (pass: string) => LifecycleWay>> = {
    plain: () => plainLifecycle({ ...validator, training: trainer.training }),
    durable: (pass) => durableLifecycle(client, pass),
  };
  const work = await pinnedWork(platform, settings);
  const run = async (side: Side, name: string, windows: number | undefined): Promise<Pass> => {
    await emptyStores(addresses);
    const before = processorSeconds(home);
    const model = `bench-${side}-${name}`;
    const pass = await runLifecycle(ways[side](`${side}-${name}`), {
      ...work,
      model,
      ...(windows !== undefined && { windowsMax: windows }),
    });
    const used = processorSeconds(home) - before;
    note(side, `${name}: ${totalOf(pass).toFixed(1)} s, ${used.toFixed(1)} s of processor, ${pass.windows} windows`);
    return { ...pass, processorSeconds: used };
  };
  try {
    // Untimed: model processes and compiled code are warm on both sides afterwards.
    for (const side of ['plain', 'durable'] as const) await run(side, 'warm-up', 2);
    const passes = { plain: [] as Pass[], durable: [] as Pass[] };
    for (let round = 1; round <= rounds; round += 1) {
      // The order turns with every round, so that whatever drifts meets both.
      const order: readonly Side[] = round % 2 === 1 ? ['plain', 'durable'] : ['durable', 'plain'];
      for (const side of order) passes[side].push(await run(side, String(round), windowsMax));
    }
    return passes;
  } finally {
    await connection.close();
    await Promise.all([trainer.close(), validator.close()]);
  }
}

/** The demonstration's plan as of the session before the held-back ones. */
async function pinnedWork({ exchange }: Platform, settings: Settings) {
  const plan = loadPlan('demonstration');
  const replay = new PaperReplayControl({ url: exchange.url, controlKey: controlKeyOf(exchange.home) });
  const sessions = await replay.sessions();
  return {
    plan,
    validation: validationPlan(plan, settings),
    asOf: previousSession(sessions.at(-plan.heldBackSessions)!),
  };
}

function print(passes: Passes): void {
  const outcomes = new Set([...passes.plain, ...passes.durable].map(({ outcomeDigest }) => outcomeDigest));
  if (outcomes.size !== 1) throw new Error('the passes did not compute the same figures: their times say nothing');
  for (const step of lifecycleSteps)
    line(`lifecycle.${step}`, { passes, secondsOf: ({ seconds }) => seconds[step], further: {} });
  const [ours, peer] = [passes.durable, passes.plain].map((side) => median(side.map(totalOf))) as [number, number];
  const overheadSeconds = ours - peer;
  const limitSeconds = Math.max(overheadMax.fraction * peer, overheadMax.seconds);
  line('lifecycle', {
    passes,
    secondsOf: totalOf,
    further: {
      overheadSeconds: rounded(overheadSeconds),
      overheadPercent: rounded((100 * overheadSeconds) / peer),
      limitSeconds: rounded(limitSeconds),
      withinLimit: overheadSeconds <= limitSeconds,
      oursProcessorSeconds: rounded(median(passes.durable.map((pass) => pass.processorSeconds))),
      peerProcessorSeconds: rounded(median(passes.plain.map((pass) => pass.processorSeconds))),
      windows: passes.plain[0]!.windows,
      rounds,
      oursSeconds: passes.durable.map((pass) => rounded(totalOf(pass))),
      peerSeconds: passes.plain.map((pass) => rounded(totalOf(pass))),
    },
  });
}

/** One comparison; a ratio over 1 would mean that ours takes less time. */
function line(
  name: string,
  given: {
    readonly passes: Passes;
    readonly secondsOf: (pass: LifecyclePass) => number;
    readonly further: Readonly<Record<string, unknown>>;
  },
): void {
  const { passes, secondsOf, further } = given;
  const ours = median(passes.durable.map(secondsOf));
  const peer = median(passes.plain.map(secondsOf));
  const compared = { name, ours: rounded(ours), peer: rounded(peer), ratio: rounded(peer / ours), unit: 's' };
  const shown = { ...compared, ...further };
  console.log(lineText(shown, values.json ? 'json' : 'text'));
}

function totalOf({ seconds }: LifecyclePass): number {
  return seconds.ingest + seconds.train + seconds.validate;
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function note(name: string, text: string): void {
  console.error(`${Math.round((Date.now() - startedMs) / 1_000)} s  ${name}: ${text}`);
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new RangeError(`not a whole number from 1: ${text}`);
  return Number(text);
}

endWithParent();
const home = await mkdtemp(path.join(tmpdir(), 'plimsoll-bench-'));
try {
  await bench(home);
} finally {
  await rm(home, { recursive: true, force: true });
}
process.exit();
