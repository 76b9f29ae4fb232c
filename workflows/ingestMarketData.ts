import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { IngestedSnapshot, IngestRequest, MarketDataActivities } from '#activities/marketDataActivities.ts';
import { policies } from './policies.ts';
import { mark } from './searchAttributes.ts';

const { fetchBars, checkBars, publishSnapshot } = proxyActivities<MarketDataActivities>(policies.marketData);

/**
 * Carries a dataset from its provider to an immutable, published snapshot.
 * A hard failure of the data contract stops publication; the snapshot before stays current.
 * @returns the published snapshot, the same one for the same input, with the report of this run
 */
export async function ingestMarketData(request: IngestRequest): Promise<IngestedSnapshot> {
  mark({ dataset: request.dataset, stage: 'fetch' });
  const { dataset, asOf, range } = request;
  const asked = `${dataset} as of ${asOf}${range ? `, ${range.from} to ${range.to} anew` : ''}`;
  const fetched = await fetchBars.executeWithOptions({ summary: `fetch ${asked}` }, [request]);

  mark({ stage: 'check' });
  setCurrentDetails(`**${asked}**: ${fetched.rows} rows from ${fetched.provider}, being checked`);
  const checked = await checkBars.executeWithOptions({ summary: `check ${fetched.rows} rows` }, [fetched]);

  mark({ stage: 'publish' });
  const snapshot = await publishSnapshot.executeWithOptions({ summary: `publish ${checked.digest.slice(0, 12)}` }, [
    checked,
  ]);

  mark({ stage: 'done', verdict: 'published' });
  setCurrentDetails(
    `**${asked}**: snapshot \`${snapshot.digest}\`, ${snapshot.rows} rows, ${checked.findings} findings in ${checked.report}`,
  );
  return { ...snapshot, findings: checked.findings, report: checked.report };
}
