import { readdirSync, readFileSync } from 'node:fs';
import { DefaultLogger, Runtime, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleWorkflows } from '#test/workflow/bundleWorkflows.ts';
import { historiesFolder, parseHistory, type WorkflowHistory } from '#test/workflow/recordHistory.ts';

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

const replay = (history: WorkflowHistory): Promise<void> => Worker.runReplayHistory({ workflowBundle }, history);

describe('workflows as they are now', () => {
  it.each(names)('replay %s to the same commands', async (name) => {
    await expect(replay(parseHistory(read(name)))).resolves.toBeUndefined();
  });

  it('are refused by a history whose activity was another one', async () => {
    const text = read('promoteModel.json');
    const changed = text.replaceAll('"readFigures"', '"readSomethingElse"');
    expect(changed).not.toBe(text);
    await expect(replay(parseHistory(changed))).rejects.toThrow(/determinis/i);
  });

  it.each(names)('have a history in %s that names no machine', (name) => {
    expect(read(name)).not.toMatch(/file:\/\/\/|\/(?:home|work|root|tmp|Users)\/|"\d+@/);
  });
});
