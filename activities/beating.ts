import { Context } from '@temporalio/activity';

const beatMs = 5_000;

/** Beats at once with what people are to see of the work, and goes on showing it. */
export type Tell = (details: object) => void;

/** Runs a body while the activity beats, so that a worker's death is noticed in seconds. */
export async function beating<T>(body: (tell: Tell) => Promise<T>): Promise<T> {
  const context = Context.current();
  let told: object | undefined;
  const beat = (): void => context.heartbeat(told);
  beat();
  const timer = setInterval(beat, beatMs);
  try {
    return await body((details) => {
      told = details;
      beat();
    });
  } finally {
    clearInterval(timer);
  }
}
