import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

const tracer = trace.getTracer('plimsoll.postgres');

/**
 * Runs a query inside a span named for its verb. The statement is written as it stands, with placeholders: values
 * never reach a trace.
 */
export async function tracedQuery<Answer>(statement: string, run: () => Promise<Answer>): Promise<Answer> {
  const verb = /^\s*(\w+)/.exec(statement)?.[1]?.toUpperCase() ?? 'QUERY';
  const attributes = { 'db.system': 'postgresql', 'db.operation': verb, 'db.statement': statement };
  return tracer.startActiveSpan(`postgres ${verb}`, { kind: SpanKind.CLIENT, attributes }, async (span) => {
    try {
      return await run();
    } catch (error) {
      // The database's message may quote values; its class is enough to find the log line.
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
      throw error;
    } finally {
      span.end();
    }
  });
}
