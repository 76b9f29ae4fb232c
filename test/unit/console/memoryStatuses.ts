import type { OpenDesk } from '#console/desk/desk.ts';
import type { StatedStatus } from '#infra/postgres/tradingStatuses.ts';

/** Statuses of a memory desk: one symbol is halted until somebody says otherwise. */
export function memoryStatuses(): OpenDesk['tradingStatuses'] {
  const saidMs = Date.UTC(2023, 5, 22, 14, 30);
  const halted = { symbol: 'GME', status: 'halted', reason: 'LUDP', saidMs, saidBy: 'alpaca' } as const;
  const statuses = new Map<string, StatedStatus>([[halted.symbol, halted]]);
  return {
    publish: async (status) => void statuses.set(status.symbol, status),
    halted: async () => [...statuses.values()].filter(({ status }) => status !== 'trading'),
  };
}
