// Authority: how much money staff may move, promise or lend on their own word.

export { type GatedEntry, openDayGuard } from './day-guard.ts';
export { authorityError } from './errors.ts';
export { MoneyGate } from './money-gate.ts';
export { findPosted, selectUses } from './repository.ts';
export { assertRight, cleanOverdraw } from './rights.ts';
export { DEFAULT_TELLER_LIMIT, type RoleLimit } from './role-limits.ts';
export type { StakeTable } from './stake.ts';
