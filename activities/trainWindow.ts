import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Context } from '@temporalio/activity';
import type { ArtifactFiles } from '#domain/artifact.ts';
import type { AgentSpec, AgentTradingSpec } from '#models/agents/agentSpec.ts';
import { encodeMarkets } from '#models/process/marketsFile.ts';
import type { ModelProcesses } from '#models/process/modelProcessClient.ts';
import type { TrainingSpec } from '#models/trainingSpec.ts';
import type { SessionSpan } from '#pipelines/sessionSpan.ts';
import { prepareMarkets, type MarketSource } from '#pipelines/tradingMarket.ts';
import { marketCut } from './agentMarkets.ts';
import { prepareTraining } from './modelData.ts';
import { readFolder, trainingFile, withScratch } from './modelJobs.ts';

/** How an agent learns and by which rules: what a validation trains anew in each window. */
export interface AgentProcedure {
  readonly kind: 'agent';
  readonly agent: AgentSpec;
  readonly trading: AgentTradingSpec;
}

/** How a candidate was trained, and is trained anew. */
export type TrainingProcedure = TrainingSpec | AgentProcedure;

/** What the straight lines beside a candidate look back over: as much as it sees itself. */
export function lookBackOf(procedure: TrainingProcedure): Pick<TrainingSpec, 'windowSessions' | 'validationFraction'> {
  if (procedure.kind !== 'agent') return procedure;
  return { windowSessions: 1, validationFraction: procedure.agent.validationFraction };
}

/**
 * Trains by a procedure on the sessions of a span alone.
 * @returns files of an artifact, as far as somebody decides by them
 */
export function trainWindow(
  { processes }: { readonly processes: ModelProcesses },
  procedure: TrainingProcedure,
  given: { readonly source: Pick<MarketSource, 'features' | 'bars'>; readonly span: SessionSpan },
): Promise<ArtifactFiles> {
  const signal = Context.current().cancellationSignal;
  return withScratch(async (folder) => {
    const file = (name: string): string => path.join(folder, name);
    const outputFolder = file('artifact');
    if (procedure.kind === 'agent') {
      const { agent: spec, trading } = procedure;
      const markets = prepareMarkets(given.source, given.span, marketCut(spec, trading));
      await writeFile(file('markets'), encodeMarkets(markets));
      const job = { kind: 'trainAgent', spec, trading, marketsFile: file('markets'), outputFolder } as const;
      await processes.perform(job, { signal });
      return withJson(await readFolder(outputFolder), {
        'scaler.json': markets.scaler,
        'symbols.json': markets.symbols,
      });
    }
    const { data, scaler } = prepareTraining(given.source, given.span, procedure);
    await writeFile(file('data'), trainingFile(data));
    const { features } = data;
    const job = { kind: 'train', spec: procedure, features, dataFile: file('data'), outputFolder } as const;
    await processes.perform(job, { signal });
    return withJson(await readFolder(outputFolder), { 'scaler.json': scaler });
  });
}

function withJson(files: ArtifactFiles, extra: Readonly<Record<string, unknown>>): ArtifactFiles {
  const encoded = Object.entries(extra).map(([name, value]): [string, Uint8Array] => {
    return [name, new TextEncoder().encode(JSON.stringify(value))];
  });
  return { ...files, ...Object.fromEntries(encoded) };
}
