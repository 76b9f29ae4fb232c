import { expect, it } from 'vitest';
import { paperExchangeArguments } from '#infra/paperExchange/launch.ts';

const place = { home: '/nowhere', barsFile: '/nowhere/bars.csv' };
const free = { halfSpreadBasisPoints: 0, commissionBasisPoints: 0 };

it('tells the paper exchange the schedule of a broker and the day of its rates', () => {
  const told = paperExchangeArguments({
    ...place,
    rates: { ...free, schedule: 'ibkr-tiered', ratesAsOf: '2026-04-06' },
  });
  expect(told.slice(-4)).toEqual(['--schedule', 'ibkr-tiered', '--rates-as-of', '2026-04-06']);
  expect(paperExchangeArguments({ ...place, rates: { ...free, schedule: null, ratesAsOf: null } })).not.toContain(
    '--schedule',
  );
});
