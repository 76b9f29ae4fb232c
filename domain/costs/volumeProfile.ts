import { closeMs, isSession, openMs } from '../calendar.ts';
import { Failure } from '../failure.ts';
import { newYorkDate } from '../newYorkTime.ts';
import type { SessionDate } from '../sessionDate.ts';

/** Volume of a stretch of regular trading. */
export interface VolumeBar {
  /** Milliseconds since 1970 UTC. */
  readonly startMs: number;
  /** Shares, >= 0. */
  readonly volume: number;
}

/** What part of a session's volume trades in a stretch of it. */
export interface ProfilePart {
  /** Minutes from the open to its beginning. */
  readonly fromMinute: number;
  /** Mean over sessions; all parts add up to 1. */
  readonly fraction: number;
  /** Of the mean. */
  readonly standardError: number;
}

/** How volume lies in a session. */
export interface VolumeProfile {
  readonly parts: readonly ProfilePart[];
  readonly sessions: number;
}

const minuteMs = 60_000;
const regularMinutes = 390;
const sessionsMin = 2;

/**
 * Volume by time of day: the mean of each session's own parts, so that a busy day counts no more than a quiet one. It has
 * the shape of a U at most exchanges (Admati and Pfleiderer, Review of Financial Studies 1 (1988)). Sessions that close
 * early, or in which nothing traded, are left out, as are bars outside regular trading.
 * @param bars in any order, none longer than a bucket nor across two
 * @param bucketMinutes of a part, a divisor of the 390 minutes of a session
 * @throws Failure COST_INPUT_INVALID for another length, OBSERVATIONS_TOO_FEW for fewer than two sessions
 * @throws RangeError for a volume that is not finite and >= 0
 */
export function volumeProfile(bars: Iterable<VolumeBar>, bucketMinutes: number): VolumeProfile {
  const buckets = regularMinutes / bucketMinutes;
  if (!Number.isSafeInteger(buckets) || !Number.isSafeInteger(bucketMinutes) || buckets < 2) {
    throw new Failure(
      'COST_INPUT_INVALID',
      `${bucketMinutes} minutes do not divide a session of ${regularMinutes}`,
      {},
    );
  }
  const volumes = volumesBySession(bars, bucketMinutes, buckets);
  const shares = volumes.flatMap((volume) => {
    const total = volume.reduce((sum, part) => sum + part, 0);
    return total > 0 ? [volume.map((part) => part / total)] : [];
  });
  const sessions = shares.length;
  if (sessions < sessionsMin) {
    throw new Failure('OBSERVATIONS_TOO_FEW', `${sessions} whole sessions tell no profile: ${sessionsMin} do`, {
      observations: sessions,
      least: sessionsMin,
    });
  }
  return {
    sessions,
    parts: Array.from({ length: buckets }, (_, bucket) => {
      const fraction = shares.reduce((sum, parts) => sum + parts[bucket]!, 0) / sessions;
      const squares = shares.reduce((sum, parts) => sum + (parts[bucket]! - fraction) ** 2, 0);
      return {
        fromMinute: bucket * bucketMinutes,
        fraction,
        standardError: Math.sqrt(squares / (sessions - 1) / sessions),
      };
    }),
  };
}

/**
 * Whole shares in the proportions of a profile: each boundary between parts is rounded, so that the sum is the quantity.
 * @param quantity shares, a whole number >= 0
 */
export function sharesByProfile(quantity: number, { parts }: Pick<VolumeProfile, 'parts'>): readonly number[] {
  let traded = 0;
  let part = 0;
  return parts.map(({ fraction }, at) => {
    part += fraction;
    const until = at === parts.length - 1 ? quantity : Math.min(quantity, Math.round(quantity * part));
    const count = until - traded;
    traded = until;
    return count;
  });
}

function volumesBySession(
  bars: Iterable<VolumeBar>,
  bucketMinutes: number,
  buckets: number,
): readonly (readonly number[])[] {
  const bySession = new Map<SessionDate, number[]>();
  for (const { startMs, volume } of bars) {
    if (!(volume >= 0 && Number.isFinite(volume))) throw new RangeError(`a volume of ${volume}`);
    const session = newYorkDate(startMs);
    const bucket = bucketOf(session, startMs, bucketMinutes);
    if (bucket === undefined) continue;
    const known = bySession.get(session) ?? Array.from({ length: buckets }, () => 0);
    bySession.set(session, known);
    known[bucket]! += volume;
  }
  return [...bySession.values()];
}

function bucketOf(session: SessionDate, atMs: number, bucketMinutes: number): number | undefined {
  const hours = regularHours(session);
  if (hours === undefined || atMs < hours.openMs || atMs >= hours.closeMs) return undefined;
  return Math.floor((atMs - hours.openMs) / (bucketMinutes * minuteMs));
}

/** Of a whole session; undefined on days without one, and where it closes early. */
function regularHours(session: SessionDate): { readonly openMs: number; readonly closeMs: number } | undefined {
  if (!isSession(session)) return undefined;
  const hours = { openMs: openMs(session), closeMs: closeMs(session) };
  return hours.closeMs - hours.openMs === regularMinutes * minuteMs ? hours : undefined;
}
