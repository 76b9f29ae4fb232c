import { readBinanceRecording } from '#infra/binance/streamRecording.ts';
import { rebuildBooks } from '#pipelines/depth/rebuildBooks.ts';

/** One replay of a recorded depth stream. */
export interface ReplayPass {
  readonly seconds: number;
  readonly events: number;
  /** Most memory of JavaScript's values seen while it ran, in mebibytes. */
  readonly heapMaxMebibytes: number;
}

const eventsBetweenLooks = 1_000;
const bytesPerMebibyte = 2 ** 20;

/** Rebuilds the books of recordings, keeping none of their states. */
export async function replayDepth(files: readonly string[]): Promise<ReplayPass> {
  const beganMs = performance.now();
  const rebuilt = rebuildBooks(readBinanceRecording(files));
  let [states, heapMax] = [0, 0];
  let next = await rebuilt.next();
  while (next.done !== true) {
    states += 1;
    if (states % eventsBetweenLooks === 0) heapMax = Math.max(heapMax, process.memoryUsage().heapUsed);
    next = await rebuilt.next();
  }
  const seconds = (performance.now() - beganMs) / 1_000;
  return { seconds, events: next.value.events, heapMaxMebibytes: Math.round(heapMax / bytesPerMebibyte) };
}
