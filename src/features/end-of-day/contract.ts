// The end of a day: runs, steps and chunks, and the balances of closed dates.

export { endOfDayError } from './errors.ts';
export { BALANCE_LAWS } from './laws.ts';
export { balancesStep, closeDateStep, trialBalanceStep } from './ledger-steps.ts';
export type { EndOfDay, EndOfDayService } from './service.ts';
export type { ChunkResult, ClosingDay, EndOfDayStep, StepProgress } from './step.ts';
export { addCounts } from './step.ts';
export type { RunView } from './view.ts';
export { endOfDayView, runView } from './view.ts';
