import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ObjectStore } from '#activities/ports/objectStore.ts';

const tracer = trace.getTracer('plimsoll.objects');

/** A store whose calls are spans named for the call, with bucket and key; neither bytes nor credentials reach a trace. */
export function tracedObjectStore(store: ObjectStore, bucket: string): ObjectStore {
  const traced = async <Answer>(operation: string, key: string, call: () => Promise<Answer>): Promise<Answer> => {
    const attributes = { 'rpc.system': 'aws-api', 'rpc.method': operation, 'aws.s3.bucket': bucket, 'aws.s3.key': key };
    return tracer.startActiveSpan(`s3 ${operation}`, { kind: SpanKind.CLIENT, attributes }, async (span) => {
      try {
        return await call();
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
        throw error;
      } finally {
        span.end();
      }
    });
  };
  return {
    put: (key, bytes, contentType) => traced('PutObject', key, () => store.put(key, bytes, contentType)),
    get: (key) => traced('GetObject', key, () => store.get(key)),
    exists: (key) => traced('HeadObject', key, () => store.exists(key)),
    list: (prefix) => traced('ListObjects', prefix, () => store.list(prefix)),
    uri: (key) => store.uri(key),
  };
}
