import { Context } from '@temporalio/activity';

const beatMs = 5_000;

/** Runs a body while the activity beats, so that a worker's death is noticed in seconds. */
export async function beating<T>(body: () => Promise<T>): Promise<T> {
  const context = Context.current();
  context.heartbeat();
  const timer = setInterval(() => context.heartbeat(), beatMs);
  try {
    return await body();
  } finally {
    clearInterval(timer);
  }
}
