import type { CommandRegistration } from '../context.ts';
import { registerDataBook } from './data/book.ts';

/** `data ...`: market data on plain files; needs no server. */
export const registerData: CommandRegistration = (program, context) => {
  const data = program.command('data').description('market data');
  registerDataBook(data, context);
};
