import { describe, expect, test } from 'vitest';
import { TwsLine } from '#infra/ibkr/twsLine.ts';

const up = { code: 2104, text: 'Market data farm connection is OK:usfarm' };
const broken = { code: 2103, text: 'Market data farm connection is broken:usfarm' };
const other = { code: 2103, text: 'Market data farm connection is broken:eufarm' };
const lost = { code: 1100, text: 'Connectivity between IB and TWS has been lost' };
const kept = { code: 1102, text: 'restored - data maintained' };
const emptied = { code: 1101, text: 'restored - data lost' };
const history = { code: 2105, text: 'HMDS data farm connection is broken:ushmds' };

describe('the line from TWS to the vendor', () => {
  test.each([
    ['is lost and comes back with its data', [lost, kept], ['down', 'restored']],
    ['comes back without', [lost, emptied], ['down', 'restoredEmpty']],
    ['is down when a farm breaks that was up', [up, broken, up], [undefined, 'down', 'restored']],
    ['is not for a farm that never was', [up, other], [undefined, undefined]],
    ['is down once, whatever else breaks', [up, lost, broken, kept], [undefined, 'down', undefined, 'restored']],
    ['is down while TWS begins anew', [{ code: 2110, text: 'broken' }, kept], ['down', 'restored']],
    ['carries live data while that of history is down', [up, history], [undefined, undefined]],
  ])('%s', (_, notices, changes) => {
    const line = new TwsLine('marketFarms');
    expect(notices.map((notice) => line.take(notice)?.now)).toEqual(changes);
  });

  test('is there for history while the farms of live data are down', () => {
    const line = new TwsLine('lineOnly');
    expect([up, broken, lost, kept].map((notice) => line.take(notice)?.now)).toEqual([
      undefined,
      undefined,
      'down',
      'restored',
    ]);
  });
});
