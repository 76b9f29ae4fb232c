import { context, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import { Client, Pool } from 'pg';

type AnyFunction = (this: unknown, ...given: unknown[]) => unknown;

/**
 * Makes every query of `pg` a span with its statement; parameters, where secrets are, stay out.
 * @returns puts `pg` back as it was
 */
export function instrumentPostgres(): () => void {
  const client = Client.prototype as unknown as { query: AnyFunction };
  const pool = Pool.prototype as unknown as { connect: AnyFunction };
  const { query } = client;
  const { connect } = pool;
  client.query = function tracedQuery(...given) {
    const statement = statementOf(given[0]);
    // Cursors and copies answer by events of their own.
    if (statement === undefined) return query.apply(this, given);
    return runTraced(statement, (finish) => {
      const callback = given.at(-1);
      if (typeof callback !== 'function') return query.apply(this, given);
      return query.apply(this, [...given.slice(0, -1), finish(callback as AnyFunction)]);
    });
  };
  pool.connect = function boundConnect(...given) {
    // A waiting caller is called from whoever gives the connection back: keep its own trace.
    const [callback] = given;
    return connect.apply(this, typeof callback === 'function' ? [context.bind(context.active(), callback)] : given);
  };
  return () => {
    client.query = query;
    pool.connect = connect;
  };
}

function runTraced(statement: string, run: (finish: (callback: AnyFunction) => AnyFunction) => unknown): unknown {
  const verb = /^\s*(\w+)/.exec(statement)?.[1]?.toUpperCase() ?? 'SQL';
  const span = trace.getTracer('plimsoll/postgres').startSpan(`${verb} postgresql`, {
    kind: SpanKind.CLIENT,
    attributes: { 'db.system': 'postgresql', 'db.statement': statement },
  });
  const caller = context.active();
  const answer = run(
    (callback) =>
      function finished(this: unknown, ...given) {
        end(span, given[0]);
        return context.with(caller, () => callback.apply(this, given));
      },
  );
  if (answer instanceof Promise) {
    answer.then(
      () => end(span, undefined),
      (error: unknown) => end(span, error),
    );
  }
  return answer;
}

function statementOf(query: unknown): string | undefined {
  if (typeof query === 'string') return query;
  if (typeof query !== 'object' || query === null || 'submit' in query) return undefined;
  return 'text' in query && typeof query.text === 'string' ? query.text : undefined;
}

function end(span: Span, error: unknown): void {
  if (error instanceof Error) span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
  span.end();
}
