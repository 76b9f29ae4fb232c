import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { digestOf } from '#domain/sha256.ts';
import { encodeMarkets } from '#models/process/marketsFile.ts';
import { accountFigures } from '#pipelines/accountFigures.ts';
import type { AgentIdentity, EnsembleOutcome, EnsembleRequest } from './agentActivities.ts';
import { agentMarkets } from './agentMarkets.ts';
import { readArtifact, withScratch } from './modelJobs.ts';
import { figurePoints } from './trainAgent.ts';
import type { TrainingWorld } from './trainingActivities.ts';

/** Plays the validation part by several agents as one; the figures lie in a run that names the members. */
export async function playTogether(
  world: TrainingWorld,
  { training, artifactDigests }: EnsembleRequest,
  identity: AgentIdentity,
): Promise<EnsembleOutcome> {
  const markets = await agentMarkets(world, training, identity);
  const played = await withScratch(async (folder) => {
    const marketsFile = path.join(folder, 'markets');
    await writeFile(marketsFile, encodeMarkets(markets));
    const artifactFolders = artifactDigests.map((digest) => path.join(folder, digest));
    for (const [member, artifactFolder] of artifactFolders.entries()) {
      await mkdir(artifactFolder);
      const files = await readArtifact(world.objects, artifactDigests[member]!);
      for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(artifactFolder, name), bytes);
    }
    return world.processes.perform({ kind: 'playEnsembles', artifactFolders, marketsFile });
  });
  const { kind } = training.agent;
  const figures = Object.fromEntries(
    Object.entries(played).map(([way, account]) => [`${kind} ensemble, ${way}`, accountFigures(account)]),
  );
  const { model, author, snapshotDigest } = training;
  const mlflowRunId = await world.registry.ensureRun({
    experiment: model,
    name: `${model} ensemble of ${artifactDigests.length}`,
    idempotencyKey: digestOf({ ensemble: artifactDigests, training: identity.trainingDigest }),
    tags: { 'plimsoll.snapshot': snapshotDigest, 'plimsoll.author': author, 'plimsoll.learner': 'ensemble' },
    params: Object.fromEntries(artifactDigests.map((digest, member) => [`member${member + 1}`, digest])),
  });
  const named = Object.fromEntries(
    Object.entries(figures).map(([name, own]) => [name.replace(`${kind} ensemble, `, 'ensemble '), own]),
  );
  await world.registry.logMetrics(mlflowRunId, figurePoints(named));
  await world.registry.finishRun(mlflowRunId, 'FINISHED');
  return { mlflowRunId, figures };
}
