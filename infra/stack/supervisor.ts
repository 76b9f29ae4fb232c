import { isFailure } from '#domain/failure.ts';
import { startStack, type StackRequest } from './stack.ts';

/** What the supervisor tells whoever started it. */
export type SupervisorMessage =
  | { readonly kind: 'progress'; readonly name: string; readonly text: string }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly code?: string; readonly message: string };

/** What the supervisor is told on its command line, as JSON. */
export type SupervisorRequest = Pick<StackRequest, 'home' | 'cache' | 'ports' | 'given' | 'services'>;

// The program that keeps a stack in the background: `plimsoll up` starts it, `plimsoll down` ends it by SIGTERM.
const abort = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => abort.abort());
// Before it is ready it belongs to its starter; afterwards the starter lets it go.
process.on('disconnect', () => abort.abort());

const tell = (message: SupervisorMessage): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected) process.send?.(message, () => resolve());
    else resolve();
  });

// Given in the environment, not as an argument: addresses hold passwords, and everyone may read arguments.
const request = JSON.parse(process.env.PLIMSOLL_SUPERVISOR ?? '{}') as SupervisorRequest;
delete process.env.PLIMSOLL_SUPERVISOR;
try {
  const progress = (name: string, text: string): void => void tell({ kind: 'progress', name, text });
  const stack = await startStack({ ...request, progress, signal: abort.signal });
  process.removeAllListeners('disconnect');
  await tell({ kind: 'ready' });
  if (process.connected) process.disconnect();
  // Servers have child handles of their own; the wait keeps us here also while one is being restarted.
  const awake = setInterval(() => undefined, 60_000);
  if (!abort.signal.aborted) {
    await new Promise<void>((resolve) => abort.signal.addEventListener('abort', () => resolve(), { once: true }));
  }
  clearInterval(awake);
  await stack.stop();
  process.exit(0);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  await tell({ kind: 'failed', message, ...(isFailure(error) && { code: error.code }) });
  process.exit(abort.signal.aborted ? 130 : 1);
}
