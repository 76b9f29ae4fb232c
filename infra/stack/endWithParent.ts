/**
 * Ends this program, as SIGTERM would, when whoever started it with a channel is gone: killed, it could pass no signal
 * on. A program that was started without a channel is left alone.
 */
export function endWithParent(): void {
  const end = (): void => void process.kill(process.pid, 'SIGTERM');
  if (process.send === undefined) return;
  // The starter may have gone while this program was being loaded.
  if (!process.connected) end();
  process.once('disconnect', end);
  // To listen is no reason to stay.
  process.channel?.unref();
}
