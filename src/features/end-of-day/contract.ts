// The end of a day: runs, steps and chunks, and the balances of closed dates.

export { hasRunFrom } from './dated-after.ts';
export { endOfDayError } from './errors.ts';
export { BALANCE_LAWS } from './laws.ts';
export { balancesStep, closeDateStep, trialBalanceStep } from './ledger-steps.ts';
export { selectProgress } from './repository.ts';
export { endOfDayView, runView } from './schemas.ts';
export type { EndOfDayService } from './service.ts';
export type { ChunkResult, ClosingDay, EndOfDayStep, StepProgress } from './step.ts';
export { addCounts } from './step.ts';
