import { tellError, type ToldError } from '../errorText.ts';
import { html, withCode, type Html } from './html.ts';

/** What a page asked of one server: its answer, or that the server was silent. */
export type Part<Value> =
  | { readonly kind: 'answered'; readonly value: Value }
  | { readonly kind: 'silent'; readonly server: string; readonly told: ToldError };

const serverByCode: Readonly<Record<string, string>> = {
  DATABASE_UNREACHABLE: 'PostgreSQL',
  DATABASE_TIMED_OUT: 'PostgreSQL',
  WORKERS_SILENT: 'Temporal, or the workers behind it,',
  REGISTRY_UNREACHABLE: 'MLflow',
  OBJECT_STORE_UNREACHABLE: 'The object store',
};

/** The server that a failure's code says is silent; undefined for any other failure. */
export function silentServer(code: string): string | undefined {
  return serverByCode[code];
}

/** Asks for a part of a page: a silent server is told in its place, every other error is thrown on. */
export async function askPart<Value>(ask: () => Promise<Value>): Promise<Part<Value>> {
  try {
    return { kind: 'answered', value: await ask() };
  } catch (error) {
    const told = tellError(error);
    const server = silentServer(told.code);
    if (server === undefined) throw error;
    return { kind: 'silent', server, told };
  }
}

/** The answer, where there is one. */
export function answerOf<Value>(part: Part<Value>): Value | undefined {
  return part.kind === 'answered' ? part.value : undefined;
}

/** Status of a page: 503 only when none of what it is about could be shown. */
export function statusOfParts(parts: readonly Part<unknown>[]): 200 | 503 {
  return parts.some(({ kind }) => kind === 'answered') ? 200 : 503;
}

/** Says what is missing for want of a server, and what to do; nothing when the server answered. */
export function silenceNotice(part: Part<unknown>, missing: string): Html {
  if (part.kind === 'answered') return html``;
  const { server, told } = part;
  return html`<section class="sheet notice warn" role="status">
    <p><strong>${server} does not answer.</strong> ${missing}</p>
    <p><strong>What to do:</strong> ${withCode(told.action)}</p>
    <p class="soft"><code>${told.code}</code> ${told.message}</p>
  </section>`;
}
