import type { OpenDesk } from '#console/desk/desk.ts';
import { silent } from './memoryEvidence.ts';

/** Starts at a desk whose workers do not answer. */
export const noStarts: OpenDesk['starts'] = {
  promote: () => Promise.reject(silent('WORKERS_SILENT')),
  trade: () => Promise.reject(silent('WORKERS_SILENT')),
};
