import { readdirSync, readFileSync } from 'node:fs';
import { DefaultLogger, Runtime, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleWorkflows } from '#test/workflow/bundleWorkflows.ts';
import { historiesFolder, parseHistory, type WorkflowHistory } from '#test/workflow/recordHistory.ts';
import * as allWorkflows from '#workflows/all.ts';

const testsFolder = new URL('../workflow/', import.meta.url);
const names = readdirSync(historiesFolder).filter((name) => name.endsWith('.json'));
const read = (name: string): string => readFileSync(new URL(name, historiesFolder), 'utf8');

let workflowBundle: WorkflowBundleWithSourceMap;
beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
  });
  workflowBundle = await bundleWorkflows();
});

/** Replays under the id the workflow had: it is part of what some of them decide by. */
const replay = (history: WorkflowHistory, bundle = workflowBundle): Promise<void> => {
  const workflowId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId;
  return Worker.runReplayHistory({ workflowBundle: bundle }, history, workflowId ?? undefined);
};

describe('workflows as they are now', () => {
  it.each(names)('replay %s to the same commands', async (name) => {
    await expect(replay(parseHistory(read(name)))).resolves.toBeUndefined();
  });

  it('are each held to a recorded history and run in a workflow test', () => {
    const workflows = Object.keys(allWorkflows);
    expect(workflows.filter((name) => !names.some((file) => file.startsWith(`${name}.`)))).toEqual([]);
    const tests = readdirSync(testsFolder)
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => readFileSync(new URL(name, testsFolder), 'utf8'))
      .join('\n');
    expect(workflows.filter((name) => !new RegExp(`(?:start|launchTwice)\\(${name}\\b`).test(tests))).toEqual([]);
  });

  it('are refused when a step was added that released histories do not have', async () => {
    const changed = await bundleWorkflows(new URL('changedWorkflows.ts', import.meta.url));
    const replayed = replay(parseHistory(read('watchModel.json')), changed);
    await expect(replayed).rejects.toThrow(/determinis/i);
  });

  it('may be changed behind a patch', async () => {
    const changed = await bundleWorkflows(new URL('changedWorkflows.ts', import.meta.url));
    const replayed = replay(parseHistory(read('ingestMarketData.json')), changed);
    await expect(replayed).resolves.toBeUndefined();
  });

  it.each(names)('pass no payload over 100 kB in %s: what is large goes by reference', (name) => {
    const payloads = [...read(name).matchAll(/"data": "([^"]*)"/g)].map(
      ([, data]) => Buffer.from(data!, 'base64').length,
    );
    expect(payloads.length).toBeGreaterThan(0);
    expect(Math.max(...payloads)).toBeLessThan(100_000);
  });

  it.each(names)('have a history in %s that names no machine', (name) => {
    expect(read(name)).not.toMatch(/file:\/\/\/|\/(?:home|work|root|tmp|Users)\/|"\d+@/);
  });
});
