import type { CommandRegistration } from '../context.ts';
import { registerModelsExport } from './models/export.ts';
import { registerModelsList } from './models/list.ts';
import { registerModelsPredict } from './models/predict.ts';

/** `models ...`: registered models, out of the servers that run. */
export const registerModels: CommandRegistration = (program, context) => {
  const models = program.command('models').description('registered models: list, export, forecast tables with');
  registerModelsList(models, context);
  registerModelsExport(models, context);
  registerModelsPredict(models, context);
};
