import type { AddressInfo } from 'node:net';
import type { Settings } from '#infra/configuration/schema.ts';
import type { PlimsollLogger } from '#infra/telemetry/logger.ts';
import type { Desk } from '../desk/desk.ts';
import { createConsole } from './server.ts';

/** A web console that listens. */
export interface ServedConsole {
  /** Where people open it. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the web console at a desk.
 * @param port 0 takes a free one
 * @throws Error with code EADDRINUSE when the port is taken
 */
export async function serveConsole(request: {
  readonly desk: Desk;
  readonly settings: Settings['console'];
  readonly port: number;
  readonly logger: PlimsollLogger;
}): Promise<ServedConsole> {
  const { desk, settings, port, logger } = request;
  const server = await createConsole({
    desk,
    sessionHours: settings.sessionHours,
    loginAttemptsMax: settings.loginAttemptsMax,
    publicUrl: settings.publicUrl ?? undefined,
    now: Date.now,
    onError: (err) => logger.error({ err }, 'a page failed'),
  });
  await server.listen({ host: settings.host, port });
  const { port: taken } = server.server.address() as AddressInfo;
  return { url: settings.publicUrl ?? `http://${settings.host}:${taken}/`, close: () => server.close() };
}
