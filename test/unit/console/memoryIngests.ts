import type { IngestOrder, OpenDesk } from '#console/desk/desk.ts';
import { sessionDate } from '#domain/sessionDate.ts';

/** Ingests of a memory desk: all that are asked for succeed at once, unless they hang. */
export function memoryIngests(
  ingested: IngestOrder[],
  { ingestHangs = false }: { readonly ingestHangs?: boolean },
): OpenDesk['ingests'] {
  return {
    lastClosedSession: async () => sessionDate('2023-06-22'),
    run: async (order, told) => {
      ingested.push(order);
      told('fetching: 6 of 6 symbols');
      if (ingestHangs) await new Promise<never>(() => undefined);
      const { dataset, asOf } = order.request;
      const published = { digest: 'ab'.repeat(32), symbols: ['AAPL', 'NVDA'], rows: 4_000, findings: 3 };
      return { workflowId: 'ingest', dataset, asOf, ...published, report: 's3://plimsoll/reports/day.html' };
    },
    report: async (address) => new TextEncoder().encode(`<h1>${address}</h1>`),
  };
}
