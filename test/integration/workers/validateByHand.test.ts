import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { TrainingOutcome } from '#activities/trainingActivities.ts';
import type { OpenDesk } from '#console/desk/desk.ts';
import { openDesk } from '#console/desk/openDesk.ts';
import { runCommandLine } from '#console/program.ts';
import { resolveWithOrigins } from '#infra/configuration/resolveSettings.ts';
import { worldOf } from '../../unit/console/commandLine.ts';
import { ingest, smallTraining, train } from '../activities/candidate.ts';
import { openHouse, type House } from '../activities/house.ts';
import { startWorkers, type RealWorkers } from './realWorkers.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-validate-'));
let house: House;
let workers: RealWorkers;
let candidate: TrainingOutcome;
beforeAll(async () => {
  house = await openHouse(inject('stack'));
  candidate = await train(house, smallTraining(await ingest(house, '2023-06-22')));
  workers = await startWorkers({ stack: house.addresses, queues: ['lifecycle', 'validation'] });
}, 600_000);
afterAll(async () => {
  await workers?.stop();
  await house?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function desk(): OpenDesk {
  const { temporal, postgres, objects, mlflow } = house.addresses;
  return openDesk({
    temporal,
    postgresUrl: postgres.url,
    objects,
    mlflowUrl: mlflow.url,
    brokers: {
      brokerOf: () => Promise.reject(new Error('nothing is traded')) as never,
      close: () => Promise.resolve(),
    },
    approvalsRequired: 2,
    links: [],
  });
}

async function plimsoll(line: string, environment: Record<string, string> = {}) {
  let [out, error] = ['', ''];
  const exitCode = await runCommandLine(line.split(' '), {
    ...worldOf({ environment }),
    settings: () => resolveWithOrigins({ environment }),
    openDesk: () => Promise.resolve(desk()),
    writeOut: (text) => {
      out += text;
    },
    writeError: (text) => {
      error += `${text}\n`;
    },
  });
  return { exitCode, out, error };
}

describe('plimsoll validate on real servers', () => {
  const output = path.join(folder, 'sheet.html');

  test('judges the newest version by the workers, tells progress and gates, and writes the tear sheet', async () => {
    const { exitCode, out, error } = await plimsoll(
      `validate ${candidate.model} --windows 2 --output ${output} --json`,
    );
    expect(error).toMatch(/windows/);
    expect(exitCode).toBe(0);
    const told = JSON.parse(out) as { figures: Record<string, number | null>; gates: object[]; tearSheetKey: string };
    expect(told).toMatchObject({
      modelVersion: candidate.modelVersion,
      artifactDigest: candidate.artifactDigest,
      windows: 2,
    });
    expect(told.gates).toHaveLength(1);
    expect(await house.world.promotion.readFigures(candidate.artifactDigest)).toEqual(told.figures);
    const page = readFileSync(output, 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain(`${candidate.model} ${candidate.modelVersion}`);
    const sheet = JSON.parse(readFileSync(path.join(folder, 'sheet.json'), 'utf8')) as { windows: object[] };
    expect(sheet.windows).toHaveLength(2);
  }, 600_000);

  test('asked again joins what was judged, and tells it as a table', async () => {
    const { exitCode, out } = await plimsoll(
      `validate ${candidate.model} ${candidate.modelVersion} --windows 2 --output ${output}`,
    );
    expect(exitCode).toBe(0);
    expect(out).toMatch(/walk-forward +holdout +benchmark/);
    expect(out).toMatch(/gate .*: (?:passed|failed)/);
    const query = `WorkflowType = 'validateModel'`;
    const runs: string[] = [];
    for await (const { workflowId } of house.client.workflow.list({ query })) runs.push(workflowId);
    expect(runs).toHaveLength(1);
  }, 600_000);

  test('refuses a holdout that the training may have seen (HOLDOUT_UNPROVEN), and a model that is not there', async () => {
    const longer = { PLIMSOLL_VALIDATION__HOLDOUT_SESSIONS: '126' };
    const { exitCode, error } = await plimsoll(`validate ${candidate.model} --output ${output}`, longer);
    expect([exitCode, error.split(':')[0]]).toEqual([1, 'HOLDOUT_UNPROVEN']);
    expect((await plimsoll(`validate nobody --output ${output}`)).error).toContain('MODEL_UNKNOWN');
  });
});
