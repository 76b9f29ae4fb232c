import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ValidationRequest, ValidationSummary } from '#activities/validationActivities.ts';
import type { ValidationSubject } from '#console/desk/validationDesk.ts';
import { digest } from '#domain/digest.ts';
import { loadPlan } from '#infra/configuration/plan.ts';
import { plimsoll, type Outcome } from './commandLine.ts';
import { memoryDesk } from './memoryDesk.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-validate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const a = digest('a'.repeat(64));
const { training } = loadPlan('demonstration');
const subject: ValidationSubject = {
  candidate: { model: 'swing', modelVersion: '4', mlflowRunId: 'run', artifactDigest: a, author: 'ann' },
  features: { digest: a, snapshotDigest: a, objectKey: 'features', rows: 10, names: ['return1'] },
  training,
};
const summary: ValidationSummary = {
  windows: 3,
  meanSharpe: 0.5,
  stdSharpe: 0.25,
  minSharpe: -0.1,
  figures: { 'walkForward.sharpe': 1.25, 'walkForward.trades': 12, 'holdout.trades': 3, 'holdout.costsDollars': 40 },
  modelCardKey: 'v/model-card.md',
  tearSheetKey: 'v/tear-sheet.html',
};

const documents: Readonly<Record<string, string>> = {
  'v/tear-sheet.html': '<!doctype html>',
  'v/tear-sheet.json': JSON.stringify({
    title: 'swing 4',
    metrics: {
      strategy: { sharpe: 1.25, totalReturn: 0.1 },
      benchmark: { sharpe: 0.75, totalReturn: 0.05 },
      ridge: { sharpe: null, totalReturn: 0 },
      'candidate, holdout': { sharpe: -0.5, totalReturn: -0.01 },
    },
  }),
};

/** A desk that judges everything alike and writes down what it was asked. */
async function asked(line: string): Promise<Outcome & { readonly requests: readonly ValidationRequest[] }> {
  const requests: ValidationRequest[] = [];
  const desk = {
    ...memoryDesk(),
    validations: {
      subject: () => Promise.resolve(subject),
      validate: (request: ValidationRequest, onProgress: (text: string) => void) => {
        requests.push(request);
        onProgress('1 of 3 windows judged');
        return Promise.resolve(summary);
      },
      document: (key: string) => Promise.resolve(new TextEncoder().encode(documents[key])),
    },
  };
  return { ...(await plimsoll(line, { desk })), requests };
}

describe('plimsoll validate', () => {
  const output = path.join(folder, 'sheet.html');

  it('tells figures of procedure, bytes and benchmark, the gates, and writes the sheet with JSON beside it', async () => {
    const { exitCode, out, error } = await asked(`validate swing --output ${output}`);
    expect([exitCode, error]).toEqual([0, '1 of 3 windows judged']);
    const cells = (label: string) =>
      out
        .split('\n')
        .find((line) => line.startsWith(label))
        ?.trim()
        .split(/ {2,}/);
    expect(cells(' ')).toEqual(['walk-forward', 'holdout', 'benchmark', 'ridge']);
    expect(cells('Sharpe')).toEqual(['Sharpe ratio', '1.25', '−0.50', '0.75', '–']);
    expect(cells('Total')).toEqual(['Total return', '10.0 %', '−1.00 %', '5.00 %', '0.00 %']);
    expect(cells('Fills')).toEqual(['Fills', '12', '3']);
    expect(cells('Commission')).toEqual(['Commission, spread, impact', '–', '$40']);
    expect(out).toContain('3 windows, which overlap: Sharpe ratio 0.50 on average, deviation 0.25, lowest −0.10');
    expect(out).toMatch(/^gate .+: failed$/m);
    expect(readFileSync(output, 'utf8')).toBe(documents['v/tear-sheet.html']);
    expect(readFileSync(path.join(folder, 'sheet.json'), 'utf8')).toBe(documents['v/tear-sheet.json']);
  });

  it('judges by the settings, by a pinned plan where one is named, and the latest windows where told', async () => {
    const [bySettings] = (await asked(`validate swing --output ${output}`)).requests;
    expect(bySettings).toMatchObject({ ...subject, plan: { walkForward: { trainSessions: 252 }, gates: [{}] } });
    expect(bySettings!.plan).not.toHaveProperty('windowsMax');
    const [byPlan] = (await asked(`validate swing --plan demonstration --windows 2 --output ${output}`)).requests;
    expect(byPlan!.plan).toMatchObject({ windowsMax: 2, gates: [{}, {}] });
    expect((await asked(`validate swing --plan nothing --output ${output}`)).error).toContain('PLAN_UNKNOWN');
  });

  it('says which file cannot be written', async () => {
    const { exitCode, error } = await asked(`validate swing --output ${path.join(folder, 'nowhere', 'sheet.html')}`);
    expect([exitCode, error]).toEqual([1, expect.stringContaining('FILE_UNREADABLE')]);
  });

  it.each(['--output sheet.pdf', '--windows 0', '--windows some'])('does not understand %s', async (options) => {
    const { exitCode, error, requests } = await asked(`validate swing ${options}`);
    expect([exitCode, error.split(':')[0], requests]).toEqual([2, 'COMMAND_UNKNOWN', []]);
  });
});
