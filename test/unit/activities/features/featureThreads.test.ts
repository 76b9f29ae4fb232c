import { expect, test } from 'vitest';
import { computeInThreads } from '#activities/features/featureThreads.ts';
import { wholeDeclaration } from '#test/unit/pipelines/features/declarations.ts';
import { deliveredDays, minuteHistory } from '#test/unit/pipelines/features/minuteHistory.ts';

const histories = [1, 2, 3, 4, 5].map((seed) => ({ ...minuteHistory(seed), longer: { '1d': deliveredDays() } }));

test('threads that share memory compute what one computes, bit for bit and in the order of symbols', async () => {
  const work = { spec: wholeDeclaration, histories };
  const alone = await computeInThreads({ ...work, threads: 0 });
  const together = await computeInThreads({ ...work, threads: 2 });
  expect(together[0]![0]!.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(together.map((columns) => columns.map((column) => [...column]))).toEqual(
    alone.map((columns) => columns.map((column) => [...column])),
  );
}, 60_000);

test('what a thread refuses is refused, with its code', async () => {
  const [one] = histories;
  const bars = { ...one!.bars, columns: { close: one!.bars.columns.close! } };
  await expect(computeInThreads({ spec: wholeDeclaration, histories: [{ bars }], threads: 1 })).rejects.toThrow(
    'a feature reads high, which the bars do not have',
  );
}, 60_000);
