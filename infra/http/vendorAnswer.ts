import type { z } from 'zod';
import type { VendorHttp } from './vendorHttp.ts';

/** Where an answer came from. */
export interface AnswerOrigin {
  readonly http: VendorHttp;
  readonly url: URL;
}

const issuesShownMax = 3;

/**
 * Asks, and holds the whole answer against its schema before anything of it is used.
 * @throws Failure PROVIDER_ANSWER_UNREADABLE naming the place of each surprise, and what VendorHttp throws
 */
export async function ask<Answer>(http: VendorHttp, url: URL, schema: z.ZodType<Answer>): Promise<Answer> {
  const origin = { http, url };
  return checkAnswer(origin, jsonOf(origin, await http.get(url)), schema);
}

/**
 * An answer's JSON, held against its schema.
 * @throws Failure PROVIDER_ANSWER_UNREADABLE naming the place of each surprise
 */
export function checkAnswer<Answer>(origin: AnswerOrigin, answer: unknown, schema: z.ZodType<Answer>): Answer {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const shown = result.error.issues.slice(0, issuesShownMax).map(({ path, message }) => `${place(path)}: ${message}`);
  const more = result.error.issues.length - shown.length;
  throw unreadable(origin, `${shown.join('; ')}${more > 0 ? ` and ${more} more` : ''}`);
}

/**
 * The JSON of an answer.
 * @throws Failure PROVIDER_ANSWER_UNREADABLE
 */
export function jsonOf(origin: AnswerOrigin, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw unreadable(origin, `no JSON: ${JSON.stringify(text.slice(0, 80))}`, error);
  }
}

/** The failure of an answer that is not what the specification says. */
export function unreadable({ http, url }: AnswerOrigin, problem: string, cause?: unknown): Error {
  return http.failure('PROVIDER_ANSWER_UNREADABLE', url, { problem, cause });
}

/** A place inside an answer, e.g. `bars.AAPL[3].c`. */
function place(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text === '' ? 'the answer' : text.replace(/^\./, '');
}
