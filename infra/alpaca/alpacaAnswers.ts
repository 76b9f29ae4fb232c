import type { z } from 'zod';
import type { SubmitAnswer } from '#activities/ports/broker.ts';
import { Failure } from '#domain/failure.ts';
import type { Fill, OrderIntent } from '#domain/order.ts';
import type { HttpAnswer } from '../http/exchange.ts';
import { alpacaErrorSchema, alpacaOrderSchema } from './alpacaWire.ts';
import type { AlpacaFill } from './alpacaWire.ts';
import type { Money } from '#domain/money.ts';
import { exactMoney, wholeShares } from './decimalText.ts';
import { brokerOrder } from './orderMapping.ts';

const quotedCharactersMax = 300;

/**
 * A successful answer's body, checked.
 * @throws Failure BROKER_CREDENTIALS_REFUSED on 401 and 403, BROKER_REFUSED on any other refusal, BROKER_ANSWER_UNREADABLE
 * when the body is not what the specification says
 */
export function parsed<Shape extends z.ZodType>(path: string, answer: HttpAnswer, schema: Shape): z.infer<Shape> {
  if (answer.status !== 200) throw refused(path, answer);
  const result = schema.safeParse(jsonOf(answer.text));
  if (!result.success)
    throw unreadable(path, result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  return result.data;
}

/** Runs a mapping whose RangeErrors mean that the venue said something we cannot hold exactly. */
export function exactly<Result>(path: string, mapping: () => Result): Result {
  try {
    return mapping();
  } catch (error) {
    if (error instanceof RangeError) throw unreadable(path, error.message);
    throw error;
  }
}

/** The answer to a posted order that the venue took; an unreadable one is as good as lost, since the order stands. */
export function accepted(intent: OrderIntent, answer: HttpAnswer): SubmitAnswer {
  try {
    const order = alpacaOrderSchema.parse(jsonOf(answer.text));
    if (order.client_order_id !== intent.clientOrderId) throw new RangeError('it names another client order id');
    return { kind: 'accepted', order: brokerOrder(order) };
  } catch (error) {
    throw answerLost(intent, 'the order was taken, the answer is unreadable', error);
  }
}

/** An execution as the port knows it; its price is never rounded. */
export function fillOf(activity: AlpacaFill, clientOrderId: string, commission: Money): Fill {
  return exactly('/v2/account/activities/FILL', () => ({
    executionId: activity.id,
    clientOrderId,
    symbol: activity.symbol,
    side: activity.side === 'buy' ? 'buy' : 'sell',
    quantity: wholeShares(activity.qty),
    price: exactMoney(activity.price),
    commission,
    marketTimeMs: Date.parse(activity.transaction_time),
  }));
}

/** The venue's error as one line: its code where it gives one, and its message. */
export function errorText(answer: HttpAnswer): string {
  const body = alpacaErrorSchema.safeParse(jsonOf(answer.text));
  const quoted = answer.text.slice(0, quotedCharactersMax);
  const message = body.success ? (body.data.message ?? quoted) : quoted;
  return `${body.success && body.data.code !== undefined ? body.data.code : `status ${answer.status}`}: ${message}`;
}

/** It is not known whether the venue took the order. */
export function answerLost(intent: OrderIntent, problem: string, cause?: unknown): Failure {
  return new Failure(
    'BROKER_ANSWER_LOST',
    `no answer to order ${intent.clientOrderId}: ${problem}`,
    { clientOrderId: intent.clientOrderId, problem },
    { cause },
  );
}

/** No answer to something that may be asked again. */
export function unreachable(url: URL, problem: string, cause?: unknown): Failure {
  return new Failure(
    'BROKER_UNREACHABLE',
    `${url.host} did not answer ${url.pathname}: ${problem}`,
    { host: url.host, path: url.pathname, problem },
    { cause },
  );
}

/** A definite refusal of something that is not an order. */
export function refused(path: string, answer: HttpAnswer): Failure {
  const code = answer.status === 401 || answer.status === 403 ? 'BROKER_CREDENTIALS_REFUSED' : 'BROKER_REFUSED';
  return new Failure(code, `the broker refused ${path}: ${errorText(answer)}`, { path, status: answer.status });
}

/** An answer that the specification does not allow, or that integers cannot hold. */
export function unreadable(path: string, problem: string): Failure {
  return new Failure('BROKER_ANSWER_UNREADABLE', `the broker's answer to ${path} is unreadable: ${problem}`, {
    path,
    problem,
  });
}

/** An address under a base, with its query. */
export function address(base: string, path: string, query: Readonly<Record<string, string>>): URL {
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

/** Alpaca serves market data from a host of its own; a venue on this machine serves both from one. */
export function defaultDataUrl(tradingUrl: string): string {
  return new URL(tradingUrl).hostname.endsWith('.alpaca.markets') ? 'https://data.alpaca.markets' : tradingUrl;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
