import type { CommandRegistration } from '../context.ts';
import { registerFeaturesCompute } from './features/compute.ts';
import { registerFeaturesList } from './features/list.ts';
import { registerFeaturesStream } from './features/stream.ts';

/** `features ...`: technical indicators on plain files; needs no server. */
export const registerFeatures: CommandRegistration = (program, context) => {
  const features = program.command('features').description('technical indicators of bars in files');
  registerFeaturesList(features, context);
  registerFeaturesCompute(features, context);
  registerFeaturesStream(features, context);
};
