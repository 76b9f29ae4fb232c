import type { CommandRegistration } from '../context.ts';
import { registerDataBook } from './data/book.ts';
import { registerDataCheck } from './data/check.ts';
import { registerDataFormats } from './data/formats.ts';
import { registerDataResample } from './data/resample.ts';

/** `data ...`: market data on plain files; needs no server. */
export const registerData: CommandRegistration = (program, context) => {
  const data = program.command('data').description('market data');
  registerDataCheck(data, context);
  registerDataBook(data, context);
  registerDataFormats(data, context);
  registerDataResample(data, context);
};
