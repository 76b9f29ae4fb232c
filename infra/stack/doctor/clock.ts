import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { request } from 'undici';
import { fault, skipped, well, type Finding } from './finding.ts';

const clockErrorMaxMs = 60_000;
const answerTimeoutMs = 3_000;

/** Something that tells the time beside this machine's clock. */
export interface TimeWitness {
  readonly name: string;
  /** What it says the time is, milliseconds since 1970. */
  readonly timeMs: number;
  /** Whether that is the present (a server's answer) or a moment that has passed (a file that was written). */
  readonly kind: 'present' | 'past';
}

/** Whether the clock agrees, within a minute, with every witness. An S3 service refuses 15 minutes. */
export function clockFinding(nowMs: number, witnesses: readonly TimeWitness[]): Finding {
  if (witnesses.length === 0) return skipped('clock', 'no server elsewhere and no file to compare the clock with');
  for (const { name, timeMs, kind } of witnesses) {
    const behindMs = timeMs - nowMs;
    const isOff = behindMs > clockErrorMaxMs || (kind === 'present' && -behindMs > clockErrorMaxMs);
    if (!isOff) continue;
    const seconds = Math.round(Math.abs(behindMs) / 1000);
    const message = `the clock is ${seconds} s ${behindMs > 0 ? 'behind' : 'ahead of'} ${name}`;
    return fault('clock', 'CLOCK_OFF', message);
  }
  return well('clock', `agrees with ${witnesses.map(({ name }) => name).join(', ')}`);
}

/** The newest file of a home: a clock that is behind it went back. Undefined for an empty home. */
export async function newestFile(home: string): Promise<TimeWitness | undefined> {
  const names = await readdir(home).catch(() => []);
  const times = await Promise.all(names.map(async (name) => (await stat(path.join(home, name))).mtimeMs));
  return times.length === 0
    ? undefined
    : { name: `the newest file in ${home}`, timeMs: Math.max(...times), kind: 'past' };
}

/** The time a server tells with its answer; undefined when it does not answer or does not tell. */
export async function serverTime(url: string): Promise<TimeWitness | undefined> {
  try {
    const timeouts = { headersTimeout: answerTimeoutMs, bodyTimeout: answerTimeoutMs };
    const { headers, body } = await request(url, { method: 'HEAD', ...timeouts });
    await body.dump();
    const timeMs = Date.parse(String(headers.date));
    return Number.isNaN(timeMs) ? undefined : { name: new URL(url).host, timeMs, kind: 'present' };
  } catch {
    return undefined;
  }
}
