import { describe, expect, it } from 'vitest';
import type { PromotionRequest } from '#activities/promotionActivities.ts';
import type { SessionPlan } from '#activities/tradingPlan.ts';
import type { ValidationSubject } from '#console/desk/validationDesk.ts';
import { digest } from '#domain/digest.ts';
import { loadPlan } from '#infra/configuration/plan.ts';
import type { PromotionStatus } from '#workflows/messages.ts';
import type { SessionOutcome } from '#workflows/tradingSession.ts';
import { plimsoll, type Outcome } from './commandLine.ts';
import { memoryDesk } from './memoryDesk.ts';

const artifactDigest = digest('a'.repeat(64));
const subject: ValidationSubject = {
  candidate: { model: 'swing', modelVersion: '4', mlflowRunId: 'run', artifactDigest, author: 'ann' },
  features: { digest: artifactDigest, snapshotDigest: artifactDigest, objectKey: 'features', rows: 10, names: ['a'] },
  training: loadPlan('demonstration').training,
};
const check = { metric: 'walkForward.sharpe', comparison: 'atLeast', threshold: 1, reason: 'pays', actual: 0.5 };
const status: PromotionStatus = {
  model: 'swing',
  modelVersion: '4',
  artifactDigest,
  author: 'ann',
  stage: 'review',
  gate: { name: 'worth trading', verdict: 'passed', checks: [{ ...check, passed: true }] },
  reviews: [],
  approvalsRequired: 2,
  expiresAtMs: 0,
};
const report = {
  account: 'paper',
  session: '2023-06-26',
  orders: 2,
  fills: 2,
  equity: 100_012.34,
  commissions: 1.5,
  reconciled: true,
  differences: [],
  reportKey: 'report',
};

/** A desk that starts everything alike and writes down what it was asked. */
async function asked(
  line: string,
  answers: { readonly status?: PromotionStatus; readonly outcome?: SessionOutcome } = {},
): Promise<Outcome & { readonly promoted: readonly PromotionRequest[]; readonly traded: readonly SessionPlan[] }> {
  const promoted: PromotionRequest[] = [];
  const traded: SessionPlan[] = [];
  const memory = memoryDesk();
  const desk = {
    ...memory,
    validations: { ...memory.validations, subject: () => Promise.resolve(subject) },
    starts: {
      promote: (request: PromotionRequest) => {
        promoted.push(request);
        return Promise.resolve({ workflowId: 'promote:swing:4:settings', status: answers.status ?? status });
      },
      trade: (plan: SessionPlan, onProgress: (text: string) => void) => {
        traded.push(plan);
        onProgress('trading, 2 orders');
        return Promise.resolve(answers.outcome ?? ({ kind: 'closed', report } as const));
      },
    },
  };
  return { ...(await plimsoll(line, { desk })), promoted, traded };
}

describe('plimsoll promote', () => {
  it('asks by the gate and the people of the settings, and tells what it waits for', async () => {
    const { exitCode, out, promoted } = await asked('promote swing');
    expect(exitCode).toBe(0);
    expect(promoted).toMatchObject([
      {
        candidate: subject.candidate,
        request: 'settings',
        approvalsRequired: 2,
        honestGate: { name: 'worth trading' },
      },
    ]);
    expect(promoted[0]).not.toHaveProperty('demonstrationGate');
    expect(out).toContain('waits for 2 reviewers other than ann: plimsoll review show promote:swing:4:settings');
    expect(out).toMatch(/passed +walkForward.sharpe +0.5 +at least 1/);
  });

  it('asks by the gates of a plan, and anew under another name', async () => {
    const { gates, name } = loadPlan('demonstration');
    const [byPlan] = (await asked(`promote swing 4 --plan ${name}`)).promoted;
    expect(byPlan).toMatchObject({ request: name, honestGate: gates.honest, demonstrationGate: gates.demonstration });
    const [again] = (await asked(`promote swing 4 --plan ${name} --request again`)).promoted;
    expect(again).toMatchObject({ request: 'again' });
  });

  it('is refused by a gate that fails', async () => {
    const failed = { ...status, stage: 'done', decision: 'gateFailed' } as const;
    const { exitCode, out } = await asked('promote swing --json', { status: failed });
    expect(exitCode).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ decision: 'gateFailed', artifactDigest });
  });
});

describe('plimsoll sessions trade', () => {
  const line = 'sessions trade paper --model swing --dataset sample-daily --session 2023-06-26';

  it('trades the session by the champion on the terms of the settings', async () => {
    const { exitCode, out, error, traded } = await asked(line);
    expect([exitCode, error]).toEqual([0, 'trading, 2 orders']);
    expect(traded).toMatchObject([
      {
        account: 'paper',
        session: '2023-06-26',
        strategy: 'swing',
        targets: { kind: 'champion', model: 'swing', dataset: 'sample-daily' },
        limits: { leverageMax: 1 },
        ingestAfterClose: 'sample-daily',
      },
    ]);
    expect(out).toMatch(/paper +2023-06-26 +2 +2 +100012.34 +1.50\nreconciled/);
  });

  it('says why a session was refused, and refuses a date that is none', async () => {
    const outcome = { kind: 'refused', code: 'ACCOUNT_HALTED', reason: 'drawdown' } as const;
    const refused = await asked(line, { outcome });
    expect([refused.exitCode, refused.out]).toEqual([3, 'refused: ACCOUNT_HALTED, drawdown']);
    const undated = await asked(line.replace('2023-06-26', 'tomorrow'));
    expect([undated.exitCode, undated.error.split(':')[0], undated.traded]).toEqual([2, 'COMMAND_UNKNOWN', []]);
  });
});
