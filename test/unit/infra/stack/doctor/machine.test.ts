import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskFinding, memoryFinding, nodeFinding } from '#infra/stack/doctor/machine.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const gibibyte = 1024 ** 3;

describe('the doctor on the machine', () => {
  it.each(['18.20.4', '20.18.9'])('finds NODE_UNSUPPORTED for Node %s', (version) => {
    expect(nodeFinding(version)).toMatchObject({ state: 'fault', code: 'NODE_UNSUPPORTED' });
  });

  it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('is content with Node %s', (version) => {
    expect(nodeFinding(version)).toMatchObject({ state: 'well' });
  });

  it('finds MEMORY_SHORT below what is needed and not at it', () => {
    const neededBytes = 3 * gibibyte;
    expect(memoryFinding({ availableBytes: neededBytes - 1, neededBytes })).toMatchObject({ code: 'MEMORY_SHORT' });
    expect(memoryFinding({ availableBytes: neededBytes, neededBytes })).toMatchObject({ state: 'well' });
  });

  it('finds DISK_FULL when less is left than is needed, also for a folder that is not there yet', async () => {
    const folder = path.join(temporaryFolder(), 'not', 'there');
    const disk = { name: 'home', folder };
    expect(await diskFinding({ ...disk, neededBytes: Number.MAX_SAFE_INTEGER })).toMatchObject({ code: 'DISK_FULL' });
    expect(await diskFinding({ ...disk, neededBytes: 1 })).toMatchObject({ check: 'disk of the home', state: 'well' });
  });
});
