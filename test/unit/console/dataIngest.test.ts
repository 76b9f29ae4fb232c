import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { plimsoll } from './commandLine.ts';
import { memoryDesk } from './memoryDesk.ts';

/** Nobody interrupts. */
const stopped = new Promise<never>(() => undefined);

describe('an ingest by hand', () => {
  test('is of the configured dataset as of the last session that closed at the venue', async () => {
    const desk = memoryDesk();
    const { exitCode, out, error } = await plimsoll('data ingest', {
      desk,
      stopped,
      environment: { PLIMSOLL_REVIEWER: 'ada' },
    });
    expect(exitCode).toBe(0);
    expect(desk.ingested).toEqual([{ request: { dataset: 'sample-daily', asOf: '2023-06-22' }, by: 'ada' }]);
    expect(error).toContain('fetching: 6 of 6 symbols');
    expect(out).toContain(`snapshot  ${'ab'.repeat(32)}`);
    expect(out).toContain('report    s3://plimsoll/reports/day.html');
  });

  test('backfills a range, which ends where the session asked for does unless told', async () => {
    const desk = memoryDesk();
    await plimsoll('data ingest --as-of 2023-06-22 --from 2023-06-01', { desk, stopped });
    await plimsoll('data ingest --as-of 2023-06-22 --from 2023-06-01 --to 2023-06-09', { desk, stopped });
    expect(desk.ingested.map(({ request }) => request.range)).toEqual([
      { from: '2023-06-01', to: '2023-06-22' },
      { from: '2023-06-01', to: '2023-06-09' },
    ]);
  });

  test('takes another provider and other symbols into a dataset of its own', async () => {
    const desk = memoryDesk();
    await plimsoll('data ingest --dataset tech --provider yahoo --symbols AAPL,BRK.B,AAPL', { desk, stopped });
    expect(desk.ingested[0]!.request).toMatchObject({
      dataset: 'tech',
      source: { provider: 'yahoo', symbols: ['AAPL', 'BRK.B'] },
    });
  });

  test('writes the report of its run to a file, and answers in JSON where it lies', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-ingest-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'report.html');
    const { out } = await plimsoll(`data ingest --report ${file} --json`, { stopped });
    const answer: unknown = JSON.parse(out);
    expect(answer).toMatchObject({ dataset: 'sample-daily', rows: 4_000, findings: 3, workflowId: 'ingest' });
    expect(readFileSync(file, 'utf8')).toContain((answer as { readonly report: string }).report);
  });

  test('goes on in the servers when its command is interrupted', async () => {
    const desk = memoryDesk({ ingestHangs: true });
    const { exitCode, error } = await plimsoll('data ingest', { desk });
    expect(exitCode).toBe(130);
    expect(error).toContain('it goes on in the servers');
    expect(desk.closed()).toBe(1);
  });

  test.each([
    ['of a day without a session', '--as-of 2023-06-24'],
    ['of a session that has not closed', '--as-of 2098-06-24'],
    ['of a range without a beginning', '--to 2023-06-09'],
    ['of other symbols under the configured name', '--symbols AAPL'],
    ['of another provider under the configured name', '--provider yahoo --dataset sample-daily'],
  ])('INGEST_REFUSED: %s', async (_, options) => {
    const desk = memoryDesk();
    const { exitCode, error } = await plimsoll(`data ingest ${options}`, { desk, stopped });
    expect([exitCode, desk.ingested]).toEqual([3, []]);
    expect(error).toContain('INGEST_REFUSED');
  });
});
