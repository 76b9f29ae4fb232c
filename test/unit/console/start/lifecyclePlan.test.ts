import { describe, expect, it } from 'vitest';
import { demonstrationPlan } from '#console/start/demonstrationPlan.ts';
import { lifecyclePlan } from '#console/start/lifecyclePlan.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { loadPlan } from '#infra/configuration/plan.ts';
import { resolveSettings } from '#infra/configuration/resolveSettings.ts';
import { workflowIds } from '#workflows/workflowIds.ts';

const settings = resolveSettings({ environment: {} });
const asOf = sessionDate('2023-06-22');

function lifecycleId(windowsMax: number | undefined, environment: Readonly<Record<string, string>> = {}): string {
  const plan = lifecyclePlan(demonstrationPlan(windowsMax), resolveSettings({ environment }), asOf);
  return workflowIds.lifecycle(plan.training.model, plan.asOf, plan.lifecycleDigest);
}

describe('the life cycle of a plan', () => {
  it('is the pinned one without --windows, and is joined by a second start of the same', () => {
    expect(demonstrationPlan(undefined)).toEqual(loadPlan('demonstration'));
    expect(lifecycleId(undefined)).toBe(lifecycleId(undefined));
    expect(lifecycleId(6)).toBe(lifecycleId(6));
  });

  it('is another one with other windows: none is mistaken for the whole judgement', () => {
    const ids = [undefined, 3, 6].map((windows) => lifecycleId(windows));
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^lifecycle:[\w-]+:2023-06-22:[0-9a-f]{16}$/);
  });

  it('trains the same whatever the windows, and is judged anew', () => {
    const [whole, short] = [undefined, 3].map((windows) => lifecyclePlan(demonstrationPlan(windows), settings, asOf));
    expect(short?.specDigest).toBe(whole?.specDigest);
    expect(short?.planDigest).not.toBe(whole?.planDigest);
  });

  it('is another one when more people must approve', () => {
    expect(lifecycleId(6, { PLIMSOLL_PROMOTION__REVIEWERS_REQUIRED: '3' })).not.toBe(lifecycleId(6));
  });
});
