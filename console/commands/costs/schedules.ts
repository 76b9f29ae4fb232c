import type { Command } from 'commander';
import type { BrokerSchedule, PassedOnFee } from '#domain/costs/brokerSchedule.ts';
import { brokerSchedules } from '#domain/costs/brokerSchedules.ts';
import { auditTrailFee, section31Fee, tradingActivityFee } from '#domain/costs/regulatoryFees.ts';
import { dollars } from '#domain/money.ts';
import { tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';

const billionthsInDollar = 1e9;

/** `costs schedules`: what brokers charge, from when on and by which source; needs no server. */
export function registerCostsSchedules(costs: Command, context: CommandContext): void {
  costs
    .command('schedules')
    .description('list the schedules of brokers and the fees of regulators, with their dates and sources')
    .action(() => {
      const schedules = Object.values(brokerSchedules);
      const fees = regulatoryFees();
      const scheduleRows = schedules.map(({ name, title, from, through, source, commission }) => [
        name,
        title,
        commission ? commissionText(commission) : 'none',
        `${from} to ${through}`,
        source,
      ]);
      const feeRows = fees.flatMap(({ name, rates, unit }) =>
        rates.map(({ from, rate, tradeMaxDollars }, at) => [
          at === 0 ? name : '',
          from,
          rate.toFixed(unit === 'dollars for each million dollars' ? 2 : 7),
          tradeMaxDollars === undefined ? '' : tradeMaxDollars.toFixed(2),
          at === 0 ? unit : '',
        ]),
      );
      context.answer({
        value: { schedules: schedules.map(told), fees },
        text: [
          tableText(['schedule', 'broker', 'commission', 'known', 'source'], scheduleRows),
          tableText(['fee', 'from', 'rate', 'most a trade', 'unit'], feeRows),
        ].join('\n\n'),
      });
    });
}

function told(schedule: BrokerSchedule): Readonly<Record<string, unknown>> {
  const { commission, passedOn, ...rest } = schedule;
  return {
    ...rest,
    commission: commission && {
      tiers: commission.tiers.map(({ monthSharesMax, shareBillionths }) => ({
        monthSharesMax: monthSharesMax ?? null,
        dollarsPerShare: shareBillionths / billionthsInDollar,
      })),
      orderMinDollars: dollars(commission.orderMin),
      orderMaxFraction: commission.orderMaxBasisPoints / 10_000,
    },
    passedOn: passedOn.map(passedOnFee),
  };
}

function passedOnFee(fee: PassedOnFee): Readonly<Record<string, unknown>> {
  const { kind } = fee;
  switch (kind) {
    case 'section31':
    case 'tradingActivity':
    case 'auditTrail':
      return { kind };
    case 'clearing':
      return {
        kind,
        dollarsPerShare: fee.shareBillionths / billionthsInDollar,
        maxFraction: fee.maxBasisPoints / 10_000,
      };
    case 'exchange':
      return {
        kind,
        dollarsPerShare: fee.shareBillionths / billionthsInDollar,
        belowDollarFraction: fee.belowDollarBasisPoints / 10_000,
      };
    case 'nysePassThrough':
    case 'finraPassThrough':
      break;
  }
  return { kind, partsOfCommission: fee.rates.rates.map(({ from, rate }) => ({ from, fraction: rate / 1e6 })) };
}

function commissionText({ tiers, orderMin, orderMaxBasisPoints }: NonNullable<BrokerSchedule['commission']>): string {
  const prices = tiers.map(({ shareBillionths }) => shareBillionths / billionthsInDollar);
  const [most, least] = [Math.max(...prices), Math.min(...prices)];
  const price = most === least ? `${most}` : `${most} to ${least}`;
  return `${price} a share, at least ${dollars(orderMin).toFixed(2)}, at most ${orderMaxBasisPoints / 100} %`;
}

interface ToldFee {
  readonly name: string;
  readonly unit: string;
  readonly source: string;
  readonly through: string;
  readonly rates: readonly { readonly from: string; readonly rate: number; readonly tradeMaxDollars?: number }[];
}

function regulatoryFees(): readonly ToldFee[] {
  return [
    {
      name: 'section31',
      unit: 'dollars for each million dollars',
      source: section31Fee.source,
      through: section31Fee.through,
      rates: section31Fee.rates.map(({ from, rate }) => ({ from, rate: rate / 100 })),
    },
    {
      name: 'tradingActivity',
      unit: 'dollars for each share sold',
      source: tradingActivityFee.source,
      through: tradingActivityFee.through,
      rates: tradingActivityFee.rates.map(({ from, rate: { shareBillionths, tradeMax } }) => ({
        from,
        rate: shareBillionths / billionthsInDollar,
        tradeMaxDollars: dollars(tradeMax),
      })),
    },
    {
      name: 'auditTrail',
      unit: 'dollars for each share bought or sold',
      source: auditTrailFee.source,
      through: auditTrailFee.through,
      rates: auditTrailFee.rates.map(({ from, rate }) => ({ from, rate: rate / billionthsInDollar })),
    },
  ];
}
