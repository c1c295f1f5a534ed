// Limits: how much an account may pay at once and in a day.

export type { LimitName, Limits } from './limit.ts';
export { LIMIT_NAMES } from './limit.ts';
export { openLimitGuard } from './limit-guard.ts';
export { loadAllowances } from './load-allowances.ts';
export type { AccountLimitsView, DefaultLimitsView } from './schemas.ts';
export { accountLimitsView, defaultLimitsView } from './schemas.ts';
