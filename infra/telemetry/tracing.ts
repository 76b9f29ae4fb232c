import { context, propagation, trace } from '@opentelemetry/api';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { Resource } from '@opentelemetry/resources';
import { BatchSpanProcessor, NoopSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { redactAddress } from './redactAddress.ts';

/** Traces of this process. */
export interface Tracing {
  readonly resource: Resource;
  /** Where workflows hand their spans over. */
  readonly spanProcessor: SpanProcessor;
  /** Sends what is waiting, waits at most `timeoutMs`, then stops tracing. Never throws: a stop goes on. */
  stop(timeoutMs: number): Promise<void>;
}

/**
 * Starts tracing: ids travel through Temporal and HTTP always; spans are sent only when there is a receiver.
 * Once a process, before the clients it shall see are used.
 * @param otlpEndpoint address of an OTLP/HTTP receiver, without `/v1/traces`; null sends nothing
 */
export function startTracing(request: { readonly service: string; readonly otlpEndpoint: string | null }): Tracing {
  const resource = new Resource({ 'service.name': request.service, 'service.namespace': 'plimsoll' });
  const spanProcessor = processorFor(request.otlpEndpoint);
  const provider = new NodeTracerProvider({ resource, spanProcessors: [spanProcessor] });
  provider.register();
  const unregister = registerInstrumentations({
    tracerProvider: provider,
    instrumentations: [
      new UndiciInstrumentation({
        // A call on behalf of nothing, such as a poll for health, says nothing in a trace.
        requireParentforSpans: true,
        // Addresses of vendors may carry keys; spans are read by more people than keys are for.
        startSpanHook: ({ origin, path }) => {
          const address = redactAddress(origin + path);
          return {
            'url.full': address,
            'url.query': URL.canParse(address) ? new URL(address).search : '',
          };
        },
      }),
    ],
  });
  return {
    resource,
    spanProcessor,
    stop: async (timeoutMs) => {
      unregister();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
      });
      // A receiver that is gone must not fail or hold up a stop.
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      clearTimeout(timer);
      for (const part of [trace, context, propagation]) part.disable();
    },
  };
}

function processorFor(otlpEndpoint: string | null): SpanProcessor {
  if (otlpEndpoint === null) return new NoopSpanProcessor();
  const url = new URL('v1/traces', otlpEndpoint.endsWith('/') ? otlpEndpoint : `${otlpEndpoint}/`).href;
  return new BatchSpanProcessor(new OTLPTraceExporter({ url }), { scheduledDelayMillis: 1_000 });
}
