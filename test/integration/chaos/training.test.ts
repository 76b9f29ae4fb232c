import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { playAgentRounds } from '#test/chaos/agentRounds.ts';
import { openTrainingHouse, type TrainingHouse } from '#test/chaos/trainingHouse.ts';
import { playTrainingRounds } from '#test/chaos/trainingRounds.ts';

const timeoutMs = 900_000;

let house: TrainingHouse;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-chaos-agents-'));
  house = await openTrainingHouse(inject('stack'));
}, timeoutMs);
afterAll(async () => {
  await house.stop();
  rmSync(folder, { recursive: true });
});

// The whole is `npm run chaos -- training`; here is one kill of each.
describe('a training that is killed in its middle', () => {
  test(
    'ends in the files of the undisturbed one: CNN+LSTM, by workers, servers and a model process',
    async () => {
      const outcome = await playTrainingRounds({ ...house, rounds: 1, seed: 5, onRound: () => undefined });
      expect(outcome).toMatchObject({ kills: 1, violations: [] });
    },
    timeoutMs,
  );

  test(
    'ends in the state of the undisturbed one, optimiser and memory and all: SAC',
    async () => {
      const outcome = await playAgentRounds({ folder, rounds: 1, seed: 5, onRound: () => undefined });
      expect(outcome.violations).toEqual([]);
      expect(outcome.kills).toBeGreaterThan(0);
    },
    timeoutMs,
  );
});
