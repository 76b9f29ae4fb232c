import type { OpenDesk } from '#console/desk/desk.ts';
import { silent } from './memoryEvidence.ts';

/** Validations of a desk whose workers do not answer. */
export const noValidations: OpenDesk['validations'] = {
  subject: () => Promise.reject(silent('WORKERS_SILENT')),
  validate: () => Promise.reject(silent('WORKERS_SILENT')),
  document: () => Promise.reject(silent('WORKERS_SILENT')),
};
