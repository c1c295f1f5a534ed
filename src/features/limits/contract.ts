// Limits: how much an account may pay at once and in a day.

export { openLimitGuard } from './limit-guard.ts';
export { loadAllowances } from './load-allowances.ts';
