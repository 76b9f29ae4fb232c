import { cacheFolder } from './cache.ts';
import { providePythonServers } from './pythonServers.ts';

/** Path of the time-skipping Temporal test server, provided when it is not in the cache. */
export async function timeSkippingServerPath(cache: string = cacheFolder()): Promise<string> {
  return (await providePythonServers(cache, () => undefined)).temporalTestServer;
}
