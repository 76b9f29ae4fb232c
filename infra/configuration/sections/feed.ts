import { z } from 'zod';

const ms = (usual: number, of: string): z.ZodDefault<z.ZodInt> =>
  z.int().min(1).max(86_400_000).default(usual).describe(`milliseconds: ${of}`);

const count = (usual: number, of: string): z.ZodDefault<z.ZodInt> =>
  z.int().min(1).max(100_000_000).default(usual).describe(of);

const connection = z
  .strictObject({
    connectTimeoutMs: ms(10_000, 'until a connection is open'),
    liveTimeoutMs: ms(10_000, 'from then until the subscriptions stand'),
    pingIntervalMs: ms(5_000, 'between pings'),
    silenceMaxMs: ms(15_000, 'without a byte after which the other end counts as gone'),
  })
  .refine(({ pingIntervalMs, silenceMaxMs }) => pingIntervalMs < silenceMaxMs, {
    path: ['pingIntervalMs'],
    message: 'must be under silenceMaxMs: only an answered ping breaks the silence of a quiet market',
  });

const backOff = z
  .strictObject({
    baseMs: ms(500, 'before the second attempt; doubles with each further one'),
    capMs: ms(30_000, 'before any attempt at most'),
  })
  .refine(({ baseMs, capMs }) => baseMs <= capMs, { path: ['baseMs'], message: 'must not be over capMs' });

const gaps = z.strictObject({
  overlapMs: ms(2_000, 'before the last event from which history is asked: what was on its way'),
  settleMs: ms(1_000, "until a vendor's history holds what was just traded"),
  timeoutMs: ms(30_000, 'of one question'),
  attemptsMax: count(3, 'questions for one gap'),
  retryMs: ms(2_000, 'before another question for a gap'),
  concurrency: z.int().min(1).max(64).default(4).describe('symbols asked for at once'),
});

/** Live feeds: when a connection counts as lost, how it comes back, how gaps are filled, when a symbol counts as stale. */
export const feedSection = z.strictObject({
  connection: connection.prefault({}),
  backOff: backOff.prefault({}),
  failuresMax: count(100, 'failures in a row after which a feed gives up'),
  gaps: gaps.prefault({}),
  heldEventsMax: count(200_000, 'events of a symbol that wait for its history; beyond, the gap stays open'),
  reorderWindowMs: ms(50, 'that an event waits for earlier ones that travel behind it'),
  rememberedEventsMax: count(20_000, 'events of a symbol remembered, so that a repeated one is known'),
  silenceMaxMs: ms(60_000, 'of regular trading without an event after which a symbol is stale'),
  checkIntervalMs: ms(1_000, 'between looks at silence'),
  clockWindowMs: ms(600_000, 'of events by which the difference of clocks is bounded'),
  pollIntervalMs: ms(15_000, 'between rounds of questions of a feed that is polled'),
  queueEventsMax: count(
    500_000,
    'events that wait for one consumer; beyond, quotes give way and the rest is told as lost',
  ),
});
