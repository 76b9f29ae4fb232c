import { errors, request } from 'undici';
import type { Dispatcher } from 'undici';

/** One request. */
export interface HttpRequest {
  readonly url: URL | string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | null;
  /** Limit from connecting to the last byte. */
  readonly timeoutMs: number;
  /** Aborts it. */
  readonly signal?: AbortSignal | undefined;
  /** Bytes of the answer, unpacked, at most; 64 MiB when absent. */
  readonly bodyBytesMax?: number;
}

/** What came back: any status, with its body as text. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** Retry-After, where it was given in seconds. */
  readonly retryAfterMs: number | undefined;
  /** Cookies it sets, each `name=value`. */
  readonly cookies: readonly string[];
}

/** An answer whose body went over its bound; the connection was given up. */
export class BodyTooLarge extends Error {
  constructor(bytesMax: number) {
    super(`the answer has more than ${bytesMax} bytes`);
    this.name = 'BodyTooLarge';
  }
}

const bodyBytesMaxDefault = 64 * 1024 * 1024;

/**
 * One attempt of a request: it ends with a whole answer, or throws.
 * @throws BodyTooLarge, or the connection's own error: refused, broken, half closed, too late, aborted
 */
export async function exchange(
  dispatcher: Dispatcher,
  { url, method, headers, body, timeoutMs, signal, bodyBytesMax = bodyBytesMaxDefault }: HttpRequest,
): Promise<HttpAnswer> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const answer = await request(url, {
    dispatcher,
    method,
    headers,
    body: body ?? null,
    signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
  });
  const text = await boundedText(answer.body, bodyBytesMax);
  const { 'retry-after': retryAfter, 'set-cookie': setCookie } = answer.headers;
  return { status: answer.statusCode, text, retryAfterMs: retryAfterMs(retryAfter), cookies: cookiesOf(setCookie) };
}

/** What went wrong with a connection, in a few words: its code where it has one. */
export function connectionProblem(error: unknown): string {
  if (error instanceof errors.UndiciError) return error.code;
  if (error instanceof Error) return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return String(error);
}

/** Retry-After in seconds (RFC 9110, 10.2.3); its date form compares clocks, which we do not, so it counts as absent. */
function retryAfterMs(header: string | readonly string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d+$/.test(header) ? Number(header) * 1_000 : undefined;
}

function cookiesOf(header: string | readonly string[] | undefined): readonly string[] {
  const lines = typeof header === 'string' ? [header] : (header ?? []);
  return lines.map((line) => line.split(';', 1)[0]!.trim());
}

async function boundedText(body: Dispatcher.ResponseData['body'], bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop by a throw destroys the body, and with it the connection.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new BodyTooLarge(bytesMax);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
