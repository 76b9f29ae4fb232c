import { Context } from '@temporalio/activity';

/** Writes a warning to the worker's log, with the activity it came from; nothing where no activity runs, as in tests. */
export function warn(message: string, details: Readonly<Record<string, unknown>>): void {
  try {
    Context.current().log.warn(message, { ...details });
  } catch {
    // Not called by an activity: whoever called sees the outcome itself.
  }
}
