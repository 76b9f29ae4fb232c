import { describe, expect, test } from 'vitest';
import { plimsoll } from './commandLine.ts';
import { memoryDesk } from './memoryDesk.ts';
import { knownOrder } from './memoryLineage.ts';

describe('lineage', () => {
  test('of an execution tells order, fill, decision, model, data, code and who approved', async () => {
    const { exitCode, out } = await plimsoll('lineage execution-1');
    expect(exitCode).toBe(0);
    const { model } = knownOrder;
    for (const told of [
      'paper-main, session 2023-06-23: buy 53 AAPL, filled',
      '53 at $186.68',
      '9.91 % of equity by forecaster version 3, code 0.1.0+a1b2c3d4e5f6',
      `artifact ${model?.digest}`,
      `snapshot ${model?.snapshotDigest} of sample-daily, 2013-01-02 to 2023-06-22, 2636 rows`,
      'code 0.1.0+4bf1a2c9d0e3',
      'ada: approve, 2026-11-20T09:00:00.000Z: read the card',
      'proven    its fills add up',
    ]) {
      expect(out).toContain(told);
    }
  });

  test('as JSON is the whole walk on one line', async () => {
    const { out } = await plimsoll(`lineage ${knownOrder.order.clientOrderId} --json`);
    expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(knownOrder)));
  });

  test('goes back from a reviewer to the orders that rest on their word', async () => {
    const { exitCode, out } = await plimsoll('lineage ada');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/2023-06-23 +paper-main +buy 53 AAPL +paper-main-20230623-forecast-AAPL-0/);
  });

  test('tells the walk and fails with LINEAGE_UNPROVEN when a proof does not hold', async () => {
    const { exitCode, out, error } = await plimsoll('lineage execution-1', {
      desk: memoryDesk({ modelAltered: true }),
    });
    expect(exitCode).toBe(1);
    expect(out).toContain('BROKEN    the stored model is, byte for byte, the one it names: weights.bin');
    expect(error).toMatch(/^LINEAGE_UNPROVEN: not so: the stored model/);
  });

  test('of nothing known fails with LINEAGE_UNKNOWN', async () => {
    const { exitCode, error } = await plimsoll('lineage nobody');
    expect(exitCode).toBe(1);
    expect(error).toMatch(/^LINEAGE_UNKNOWN: no order is, or rests on, nobody/);
  });
});
