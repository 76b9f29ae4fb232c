import type { Digest } from '#domain/digest.ts';
import { digestOf } from '#domain/sha256.ts';
import type { FeatureReference, TrainingIdentity, TrainingRequest } from './trainingActivities.ts';

/** Raise this whenever the same specification and data give other bytes. */
const trainingCodeVersion = 2;

/** The identity of a training on features that were computed. */
export function trainingIdentity(request: TrainingRequest, features: FeatureReference): TrainingIdentity {
  return { trainingDigest: trainingDigestOf(request, features.digest), features };
}

/** The digest of everything that decides an artifact's bytes. @param features digest of the features */
export function trainingDigestOf(
  { model, training, holdoutSessions }: Pick<TrainingRequest, 'model' | 'training' | 'holdoutSessions'>,
  features: Digest,
): Digest {
  return digestOf({ trainingCodeVersion, model, training, holdoutSessions, features });
}
