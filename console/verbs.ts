import type { CommandRegistration } from './context.ts';

/**
 * Every verb of the command line, in the order in which the help lists them. Each is loaded when it is asked for: a verb
 * on plain files waits for no client of a server it does not use.
 */
export const verbs: Readonly<Record<string, () => Promise<CommandRegistration>>> = {
  start: async () => (await import('./commands/start.ts')).registerStart,
  up: async () => (await import('./commands/up.ts')).registerUp,
  down: async () => (await import('./commands/down.ts')).registerDown,
  status: async () => (await import('./commands/status.ts')).registerStatus,
  doctor: async () => (await import('./commands/doctor.ts')).registerDoctor,
  logs: async () => (await import('./commands/logs.ts')).registerLogs,
  reset: async () => (await import('./commands/reset.ts')).registerReset,
  config: async () => (await import('./commands/config.ts')).registerConfig,
  calendar: async () => (await import('./commands/calendar.ts')).registerCalendar,
  data: async () => (await import('./commands/data.ts')).registerData,
  features: async () => (await import('./commands/features.ts')).registerFeatures,
  metrics: async () => (await import('./commands/metrics.ts')).registerMetrics,
  backtest: async () => (await import('./commands/backtest.ts')).registerBacktest,
  costs: async () => (await import('./commands/costs.ts')).registerCosts,
  overfit: async () => (await import('./commands/overfit.ts')).registerOverfit,
  execution: async () => (await import('./commands/execution.ts')).registerExecution,
  tearsheet: async () => (await import('./commands/tearsheet.ts')).registerTearsheet,
  portfolio: async () => (await import('./commands/portfolio.ts')).registerPortfolio,
  risk: async () => (await import('./commands/risk.ts')).registerRisk,
  train: async () => (await import('./commands/train.ts')).registerTrain,
  search: async () => (await import('./commands/search.ts')).registerSearch,
  validate: async () => (await import('./commands/validate.ts')).registerValidate,
  models: async () => (await import('./commands/models.ts')).registerModels,
  promote: async () => (await import('./commands/promote.ts')).registerPromote,
  review: async () => (await import('./commands/review.ts')).registerReview,
  halt: async () => (await import('./commands/halt.ts')).registerHalt,
  guard: async () => (await import('./commands/guard.ts')).registerGuard,
  people: async () => (await import('./commands/people.ts')).registerPeople,
  incidents: async () => (await import('./commands/incidents.ts')).registerIncidents,
  schedules: async () => (await import('./commands/schedules.ts')).registerSchedules,
  sessions: async () => (await import('./commands/sessions.ts')).registerSessions,
  audit: async () => (await import('./commands/audit.ts')).registerAudit,
  lineage: async () => (await import('./commands/lineage.ts')).registerLineage,
  console: async () => (await import('./commands/console.ts')).registerConsole,
};
