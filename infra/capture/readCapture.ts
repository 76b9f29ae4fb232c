import { Failure } from '#domain/failure.ts';
import { marketEventOfText } from '#domain/marketEventText.ts';
import type { MarketEvent } from '#domain/marketEvents.ts';
import { linesOf } from '../files/linesOf.ts';

/**
 * Events of captured segments, line by line, so that memory does not grow with them.
 * @param paths segments in the order of time, plain or gzip: a line is the text of one event
 * @throws Failure RECORDING_UNREADABLE, naming file and line, for anything else
 */
export async function* readCapture(paths: readonly string[]): AsyncGenerator<MarketEvent> {
  for (const path of paths) {
    for await (const { text, line } of linesOf(path)) yield eventOf(text, { path, line });
  }
}

function eventOf(text: string, { path, line }: { readonly path: string; readonly line: number }): MarketEvent {
  try {
    return marketEventOfText(text);
  } catch (error) {
    const problem = (error as Error).message;
    throw new Failure('RECORDING_UNREADABLE', `${path}, line ${line}: ${problem}`, { path, line }, { cause: error });
  }
}
