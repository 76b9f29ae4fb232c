import type { OpenDesk } from '#console/desk/desk.ts';
import { silent } from './memoryEvidence.ts';

/** Trainings of a desk whose workers do not answer. */
export const noTrainings: OpenDesk['trainings'] = {
  train: () => Promise.reject(silent('WORKERS_SILENT')),
  trainAgent: () => Promise.reject(silent('WORKERS_SILENT')),
  playEnsemble: () => Promise.reject(silent('WORKERS_SILENT')),
  search: () => Promise.reject(silent('WORKERS_SILENT')),
};
