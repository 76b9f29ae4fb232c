import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { digestOf, sha256 } from '#domain/sha256.ts';
import { agentFiles, readAgent, readPolicy } from '../agents/agentArtifact.ts';
import { decodeAgentCheckpoint, encodeAgentCheckpoint } from '../agents/agentCheckpoint.ts';
import { playEnsembles } from '../agents/agentEnsemble.ts';
import { loadPolicy } from '../agents/agentPolicy.ts';
import { tradingRules } from '../agents/tradingRules.ts';
import { trainTradingAgent, type AgentProgress, type AgentReport } from '../agents/tradingAgent.ts';
import type { PlayedAccount } from '../environment/marketWalk.ts';
import { observationSize } from '../environment/stockObservation.ts';
import { onnxRuntimeVersion } from '../onnx/onnxSession.ts';
import { decodeTensors } from '../tensorFile.ts';
import { computingEnvironment } from '../tensorflow.ts';
import { filesOf, replaceFile } from './jobFiles.ts';
import { decodeMarkets } from './marketsFile.ts';
import type { AgentSummary, ModelJob } from './protocol.ts';

type AgentJob = Extract<ModelJob, { readonly kind: 'trainAgent' }>;

/** Trains an agent from its last checkpoint on, and writes its artifact. */
export async function performAgentTraining(
  job: AgentJob,
  { tell, onStep }: { readonly tell: (report: AgentReport) => Promise<void>; readonly onStep: () => void },
): Promise<AgentSummary> {
  const { spec, trading, checkpointFile, outputFolder } = job;
  const bytes = readFileSync(job.marketsFile);
  const markets = decodeMarkets(bytes);
  const beginning = job.beginWithFile === undefined ? undefined : readFileSync(job.beginWithFile);
  const owner = digestOf({ spec, trading, markets: sha256(bytes), beginning: beginning ? sha256(beginning) : null });
  const resumeFrom = readProgress(checkpointFile, owner);
  const trained = await trainTradingAgent({
    spec,
    trading,
    markets,
    clockMs: () => performance.now(),
    onStep,
    ...(beginning && { beginWith: decodeTensors(beginning).tensors }),
    ...(resumeFrom && { resumeFrom }),
    async onReport(report, progress) {
      if (checkpointFile !== undefined) {
        const { run, curve } = progress();
        replaceFile(checkpointFile, encodeAgentCheckpoint(run, owner, curve));
      }
      await tell(report);
    },
  });
  const { training, turbulenceThreshold } = markets;
  const shape = { observationSize: observationSize(training), stocks: training.stocks };
  mkdirSync(outputFolder, { recursive: true });
  const saved = { learner: 'agent', agent: spec, trading, turbulenceThreshold, ...shape } as const;
  for (const [name, file] of Object.entries(agentFiles(trained, saved)))
    writeFileSync(path.join(outputFolder, name), file);
  const { curve, parity, played } = trained;
  return { curve, parity, played, environment: { ...computingEnvironment(), onnxRuntime: onnxRuntimeVersion() } };
}

/** Plays the validation part by all agents together. */
export async function performEnsembles(
  job: Extract<ModelJob, { readonly kind: 'playEnsembles' }>,
): Promise<Readonly<Record<string, PlayedAccount>>> {
  const { validation, turbulenceThreshold } = decodeMarkets(readFileSync(job.marketsFile));
  const members = job.artifactFolders.map((folder) => filesOf(folder));
  const agents = members.map(readAgent);
  const policies = await Promise.all(
    agents.map(({ agent, ...shape }, member) =>
      loadPolicy(readPolicy(members[member]!), { kind: agent.kind, ...shape }),
    ),
  );
  try {
    const rules = tradingRules(agents[0]!.trading, { environments: 1, turbulenceThreshold });
    return playEnsembles(policies, { market: validation, rules });
  } finally {
    await Promise.all(policies.map((policy) => policy.release()));
  }
}

function readProgress(file: string | undefined, owner: string): AgentProgress | undefined {
  if (file === undefined || !existsSync(file)) return undefined;
  const { curve, ...run } = decodeAgentCheckpoint(readFileSync(file), owner);
  return { run, curve };
}
