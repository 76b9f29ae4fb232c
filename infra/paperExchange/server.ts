import path from 'node:path';
import { parseArgs } from 'node:util';
import { defaultCostRates } from '#domain/costs.ts';
import { brokerScheduleNames } from '#domain/costs/brokerSchedule.ts';
import { isFailure } from '#domain/failure.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { paperExchangeApplication } from './application.ts';
import { controlKeyOf } from './controlKey.ts';
import { PaperExchange } from './exchange.ts';
import { takeHome } from './exclusiveHome.ts';
import { readRecordedBars } from './recordedBars.ts';

// The paper exchange as a program:
//   node --import tsx infra/paperExchange/server.ts --home DIRECTORY --bars FILE [--port N] [--participation F]
//     [--half-spread BASIS_POINTS] [--commission BASIS_POINTS] [--schedule BROKER] [--rates-as-of DATE]
//     [--buying-power 1|2] [--exit-with-parent]
// It prints one line {"port":N} when it answers, binds the loopback interface, ends on SIGTERM and SIGINT and, with
// --exit-with-parent, when its standard input closes.

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      home: { type: 'string' },
      bars: { type: 'string' },
      port: { type: 'string', default: '0' },
      participation: { type: 'string', default: '0.1' },
      'half-spread': { type: 'string', default: String(defaultCostRates.halfSpreadBasisPoints) },
      commission: { type: 'string', default: String(defaultCostRates.commissionBasisPoints) },
      schedule: { type: 'string' },
      'rates-as-of': { type: 'string' },
      'buying-power': { type: 'string', default: '2' },
      'exit-with-parent': { type: 'boolean', default: false },
    },
  });
  if (values.home === undefined || values.bars === undefined) throw new Error('--home and --bars are needed');
  const lock = await takeHome(values.home);
  const exchange = new PaperExchange({
    journalPath: path.join(values.home, 'journal.jsonl'),
    bars: readRecordedBars(values.bars),
    rules: {
      participationFraction: fraction(values.participation),
      rates: {
        halfSpreadBasisPoints: basisPoints(values['half-spread']),
        commissionBasisPoints: basisPoints(values.commission),
        schedule: scheduleNamed(values.schedule),
        ratesAsOf: values['rates-as-of'] === undefined ? null : sessionDate(values['rates-as-of']),
      },
    },
    buyingPowerMultiple: multiple(values['buying-power']),
  });
  const application = paperExchangeApplication(exchange, controlKeyOf(values.home));
  application.addHook('onResponse', async () => {
    if (!exchange.isBroken) return;
    // A full or failing disk: start anew from what is certainly on it, rather than go on beside it.
    process.stderr.write('paper exchange: the journal could not be written\n');
    process.exit(1);
  });
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    void application.close().finally(() => {
      exchange.close();
      lock.close();
      process.exit(0);
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (values['exit-with-parent']) process.stdin.on('close', stop).resume();
  await application.listen({ host: '127.0.0.1', port: wholeNumber(values.port) });
  const address = application.server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  process.stdout.write(`${JSON.stringify({ port: address.port })}\n`);
}

function fraction(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) throw new RangeError(`--participation is a fraction in (0, 1]: ${text}`);
  return value;
}

function basisPoints(text: string): number {
  const value = Number(text);
  if (text === '' || !(value >= 0 && value < 10_000)) throw new RangeError(`not a number of basis points: ${text}`);
  return value;
}

function scheduleNamed(text: string | undefined): (typeof brokerScheduleNames)[number] | null {
  if (text === undefined) return null;
  const name = brokerScheduleNames.find((known) => known === text);
  if (name === undefined) throw new RangeError(`--schedule is one of ${brokerScheduleNames.join(', ')}: ${text}`);
  return name;
}

function multiple(text: string): 1 | 2 {
  if (text === '1') return 1;
  if (text === '2') return 2;
  throw new RangeError(`--buying-power is 1 or 2: ${text}`);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new RangeError(`--port is a port: ${text}`);
  return Number(text);
}

main().catch((error: unknown) => {
  const words = isFailure(error) ? `${error.code}: ${error.message}` : String(error);
  process.stderr.write(`paper exchange: ${words}\n`);
  process.exit(1);
});
