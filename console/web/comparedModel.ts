import type { Desk } from '../desk/desk.ts';
import type { OriginView } from '../desk/originDesk.ts';
import type { Judged, Rival } from './championSection.ts';
import { askPart, type Part } from './part.ts';

/** A model with its specification, beside the champion or, when it is the champion, the one before. */
export interface ComparedModel {
  readonly candidate: Judged;
  readonly rival: Part<Rival>;
}

/** Gathers what a model is compared by; each server that is silent costs its own part only. */
export async function compareModel(desk: Desk, origin: OriginView): Promise<ComparedModel> {
  const [candidate, rival] = await Promise.all([judged(desk, origin), askPart(() => rivalOf(desk, origin))]);
  return { candidate, rival };
}

async function rivalOf(desk: Desk, { model, artifactDigest }: OriginView): Promise<Rival> {
  const { origins } = desk;
  const champion = await origins.aliased(model, 'champion');
  const alias = champion === artifactDigest ? 'previous' : 'champion';
  const digest = alias === 'champion' ? champion : await origins.aliased(model, 'previous');
  const origin = digest === undefined ? undefined : await origins.ofArtifact(digest);
  return { alias, judged: origin && (await judged(desk, origin)) };
}

async function judged({ runs }: Desk, origin: OriginView): Promise<Judged> {
  const spec = await askPart(async () => (await runs.find([origin.mlflowRunId]))[0]?.params ?? {});
  return { origin, spec };
}
