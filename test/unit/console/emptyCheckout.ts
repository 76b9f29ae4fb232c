import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A checkout without code: enough to have a version of its code, which changes with what is put into its rooms. */
export function emptyCheckout(folder: string): string {
  const checkout = path.join(folder, 'checkout');
  for (const room of ['domain', 'pipelines', 'models', 'activities', 'workflows', 'infra', 'workers']) {
    mkdirSync(path.join(checkout, room), { recursive: true });
  }
  writeFileSync(path.join(checkout, 'package.json'), '{"version": "1.0.0"}');
  writeFileSync(path.join(checkout, 'package-lock.json'), '{}');
  return checkout;
}
