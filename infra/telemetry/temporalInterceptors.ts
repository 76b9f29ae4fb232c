import { createRequire } from 'node:module';
import type { ClientInterceptors } from '@temporalio/client';
import {
  makeWorkflowExporter,
  type OpenTelemetrySinks,
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryActivityOutboundInterceptor,
  OpenTelemetryWorkflowClientInterceptor,
} from '@temporalio/interceptors-opentelemetry';
import type { ActivityInboundCallsInterceptor, InjectedSinks, WorkerInterceptors } from '@temporalio/worker';
import type { Metrics } from './metrics.ts';
import type { Tracing } from './tracing.ts';

/** Module to bundle with workflows (`workflowInterceptorModules`), so that their spans join the trace. */
export const workflowInterceptorModule = createRequire(import.meta.url).resolve(
  '@temporalio/interceptors-opentelemetry/lib/workflow-interceptors',
);

/** Interceptors of a Temporal client: what it starts, signals or updates continues the caller's trace. */
export function clientInterceptors(): ClientInterceptors {
  return { workflow: [new OpenTelemetryWorkflowClientInterceptor()] };
}

/** Interceptors of a worker: activities continue their workflow's trace and are measured. */
export function workerInterceptors(metrics: Metrics): WorkerInterceptors {
  return {
    activity: [
      (context) => ({
        inbound: new OpenTelemetryActivityInboundInterceptor(context),
        outbound: new OpenTelemetryActivityOutboundInterceptor(context),
      }),
      (context) => ({ inbound: measuredActivity(context.info.activityType, metrics) }),
    ],
  };
}

/** Sinks of a worker: how spans leave the workflows' sandbox. */
export function workflowSinks(tracing: Tracing): InjectedSinks<OpenTelemetrySinks> {
  return { exporter: makeWorkflowExporter(tracing.spanProcessor, tracing.resource) };
}

function measuredActivity(activity: string, { activitySeconds }: Metrics): ActivityInboundCallsInterceptor {
  return {
    execute: async (input, next) => {
      const stopTimer = activitySeconds.startTimer({ activity });
      try {
        const result = await next(input);
        stopTimer({ outcome: 'completed' });
        return result;
      } catch (error) {
        stopTimer({ outcome: 'failed' });
        throw error;
      }
    },
  };
}
