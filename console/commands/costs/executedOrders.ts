import type { Command } from 'commander';
import { Failure } from '#domain/failure.ts';
import { dollars } from '#domain/money.ts';
import { newYorkDate } from '#domain/newYorkTime.ts';
import type { OrderSide } from '#domain/order.ts';
import type { ExecutedOrder } from '#domain/costs/transactionCosts.ts';
import { readTradesFile } from '#infra/fileDrop/tradesFile.ts';
import { atDesk, type CommandContext } from '../../context.ts';
import { readDailyBars, type NamedDailyBars } from './dailyBars.ts';

/** Where executed orders and the prices before them come from. */
export interface ExecutedOptions {
  readonly fills?: string;
  readonly bars: string;
}

/** An order with its market: the bars, and the place of its session in them. */
export interface PricedOrder extends ExecutedOrder {
  readonly symbol: string;
  readonly session: string;
  readonly bars: NamedDailyBars;
  readonly place: number;
}

/** Orders that have prices, and how many have none. */
export interface PricedOrders {
  readonly orders: readonly PricedOrder[];
  /** Symbol and session of orders whose session, or the one before it, is not among the bars. */
  readonly unpriced: readonly string[];
}

/** Adds the account or the file of fills, and the bars. */
export function withExecutedOptions(command: Command): Command {
  return command
    .argument('[account]', 'account whose fills the ledger holds; or name a file')
    .option('--fills <file>', 'executions of a file instead: date, symbol, side, quantity, price and costs')
    .requiredOption('--bars <file>', 'daily bars with open and close of the sessions and the ones before');
}

/**
 * Orders of an account or a file, priced by daily bars: decided on at the close before their session, come to the market at
 * its open. Fills of a file are one order where session, symbol and side are the same.
 * @throws Failure COMMAND_UNKNOWN unless exactly one of account and file is named; COST_INPUT_INVALID for bars without an
 *   open or without times; what reading throws
 */
export async function executedOrders(
  context: CommandContext,
  account: string | undefined,
  { fills, bars }: ExecutedOptions,
): Promise<PricedOrders> {
  if ((account === undefined) === (fills === undefined)) {
    throw new Failure('COMMAND_UNKNOWN', 'give either an account or --fills', {});
  }
  const executions = fills === undefined ? await fillsOfAccount(context, account!) : await fillsOfFile(fills);
  const known = await readDailyBars(bars);
  const unpriced: string[] = [];
  const orders = ordersOf(executions).flatMap((order) => {
    const priced = pricedOrder(order, known, bars);
    if (priced === undefined) unpriced.push(`${order.symbol} ${order.session}`);
    return priced ?? [];
  });
  return { orders, unpriced };
}

interface Execution {
  readonly order: string;
  readonly symbol: string;
  readonly session: string;
  readonly side: OrderSide;
  readonly quantity: number;
  readonly price: number;
  readonly commission: number;
}

function fillsOfAccount(context: CommandContext, account: string): Promise<readonly Execution[]> {
  return atDesk(context, async ({ accounts }) =>
    (await accounts.fills(account)).map(
      ({ clientOrderId, symbol, side, quantity, price, commission, marketTimeMs }) => ({
        order: clientOrderId,
        symbol,
        side,
        quantity,
        session: newYorkDate(marketTimeMs),
        price: dollars(price),
        commission: dollars(commission),
      }),
    ),
  );
}

const charged = ['commission', 'fees', 'fee', 'tax'];

async function fillsOfFile(path: string): Promise<readonly Execution[]> {
  const file = await readTradesFile(path);
  if (file.kind !== 'fills') throw invalid(`${path} holds closed trades: executions are needed`);
  return file.fills.map(({ session, symbol, side, quantity, priceDollars, costsDollars }) => ({
    order: `${session} ${symbol} ${side}`,
    symbol,
    side,
    quantity,
    session,
    price: priceDollars,
    commission: charged.reduce((sum, name) => sum + (costsDollars[name] ?? 0), 0),
  }));
}

function ordersOf(executions: readonly Execution[]): readonly Execution[] {
  const orders = new Map<string, Execution>();
  for (const execution of executions) {
    const before = orders.get(execution.order);
    if (before === undefined) {
      orders.set(execution.order, execution);
      continue;
    }
    const quantity = before.quantity + execution.quantity;
    const value = before.price * before.quantity + execution.price * execution.quantity;
    orders.set(execution.order, {
      ...before,
      quantity,
      price: value / quantity,
      commission: before.commission + execution.commission,
    });
  }
  return [...orders.values()];
}

function pricedOrder(
  { symbol, session, side, quantity, price, commission }: Execution,
  known: readonly NamedDailyBars[],
  path: string,
): PricedOrder | undefined {
  const [only] = known;
  const bars = known.length === 1 && only?.symbol === undefined ? only : known.find((one) => one.symbol === symbol);
  if (bars === undefined) return undefined;
  if (bars.open === undefined || bars.sessions === undefined)
    throw invalid(`${path} has no column of opens or of times`);
  const place = bars.sessions.indexOf(session);
  if (place < 1) return undefined;
  return {
    symbol,
    session,
    side,
    quantity,
    averagePrice: price,
    commission,
    decisionPrice: bars.close[place - 1]!,
    arrivalPrice: bars.open[place]!,
    bars,
    place,
  };
}

function invalid(problem: string): Failure {
  return new Failure('COST_INPUT_INVALID', problem, {});
}
