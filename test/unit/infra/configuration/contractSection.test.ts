import { describe, expect, it } from 'vitest';
import { resolveSettings } from '#infra/configuration/resolveSettings.ts';
import { defaultContractRules } from '#pipelines/contract/contractRules.ts';

describe('the thresholds of the data contract', () => {
  it("are the contract's own unless the configuration says otherwise", () =>
    expect(resolveSettings({ environment: {} }).data.contract).toEqual(defaultContractRules));
});
