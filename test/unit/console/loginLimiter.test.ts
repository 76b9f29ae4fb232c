import { expect, test } from 'vitest';
import { LoginLimiter } from '#console/web/loginLimiter.ts';

test('a key pauses after its attempts and only for five minutes; others are not held up', () => {
  const limiter = new LoginLimiter(2);
  limiter.failed('ada', 0);
  expect(limiter.paused('ada', 1)).toBe(false);
  limiter.failed('ada', 60_000);
  expect(limiter.paused('ada', 60_001)).toBe(true);
  expect(limiter.paused('grace', 60_001)).toBe(false);
  expect(limiter.paused('ada', 299_999)).toBe(true);
  expect(limiter.paused('ada', 300_000)).toBe(false);
});

test('a login that succeeds is forgiven', () => {
  const limiter = new LoginLimiter(1);
  limiter.failed('ada', 0);
  limiter.succeeded('ada');
  expect(limiter.paused('ada', 1)).toBe(false);
});

test('a flood of names forgets the oldest, not the youngest', () => {
  const limiter = new LoginLimiter(1);
  for (let name = 0; name <= 10_000; name += 1) limiter.failed(`name ${name}`, 0);
  expect(limiter.paused('name 0', 1)).toBe(false);
  expect(limiter.paused('name 1', 1)).toBe(true);
  expect(limiter.paused('name 10000', 1)).toBe(true);
});
