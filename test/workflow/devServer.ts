import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { cacheFolder } from '#infra/stack/cache.ts';
import { providePythonServers } from '#infra/stack/pythonServers.ts';
import { searchAttributes } from '#infra/stack/servers.ts';

/** Events after which this server suggests that a workflow continues as new; a real one waits for 4,096. */
export const suggestedEvents = 60;

/** Starts Temporal's development server, the one of the stack, for what a time-skipping server cannot show. */
export async function startDevServer(): Promise<TestWorkflowEnvironment> {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
  });
  const { temporal: path } = await providePythonServers(cacheFolder(), () => undefined);
  const attributes = searchAttributes.flatMap((name) => ['--search-attribute', `${name}=Keyword`]);
  const suggestion = `limit.historyCount.suggestContinueAsNew=${suggestedEvents}`;
  return TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      extraArgs: [...attributes, '--dynamic-config-value', suggestion],
    },
  });
}
