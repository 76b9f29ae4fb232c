import { SpanKind, trace } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';

const tracer = trace.getTracer('plimsoll.console');

/** Gives every page and form a span, so that what it asks of other servers, and the workflows it sets off, hang on it. */
export function tracePages(server: FastifyInstance): void {
  // After the body was read: from here the handler runs within the span.
  server.addHook('preHandler', (request, reply, done) => {
    const { method, routeOptions } = request;
    const route = routeOptions.url ?? 'unknown';
    const attributes = { 'http.request.method': method, 'http.route': route };
    tracer.startActiveSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, (span) => {
      reply.raw.once('close', () => {
        span.setAttribute('http.response.status_code', reply.statusCode);
        span.end();
      });
      done();
    });
  });
}
