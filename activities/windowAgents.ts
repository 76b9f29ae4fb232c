import type { ArtifactFiles } from '#domain/artifact.ts';
import { agentNames } from '#models/agents/agentArtifact.ts';
import type { JudgedStretch } from '#pipelines/judgedStretch.ts';
import type { ObjectStore } from '#activities/ports/objectStore.ts';
import type { DecidingData, OpenDecider } from './openDecider.ts';
import { openDecider } from './openDecider.ts';
import type { ValidationWorld } from './validationActivities.ts';

/** What an agent decides by. */
const decidingFiles = [agentNames.spec, agentNames.model, 'scaler.json', 'symbols.json'] as const;

/** Keeps what a window's agent decides by: it takes the one account over when windows are stitched. */
export async function keepWindowAgent(objects: ObjectStore, resultKey: string, files: ArtifactFiles): Promise<void> {
  for (const name of decidingFiles)
    await objects.put(fileKey(resultKey, name), files[name]!, 'application/octet-stream');
}

/**
 * The agent of a window that was judged.
 * @param resultKey of the window's daily results
 * @throws Failure OBJECT_MISSING; as `openDecider`
 */
export async function openWindowAgent(
  world: Pick<ValidationWorld, 'objects' | 'processes'>,
  { resultKey, stretch }: { readonly resultKey: string; readonly stretch: JudgedStretch },
  source: DecidingData['source'],
): Promise<OpenDecider> {
  const entries = await Promise.all(
    decidingFiles.map(async (name) => [name, await world.objects.get(fileKey(resultKey, name))] as const),
  );
  const { decisions } = stretch;
  const span = { from: decisions[0]!.decidedAt, to: decisions.at(-1)!.decidedAt };
  return openDecider(world, Object.fromEntries(entries), { source, span });
}

function fileKey(resultKey: string, name: string): string {
  return `${resultKey.replace(/\.json$/, '')}/${name}`;
}
