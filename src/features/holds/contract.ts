// Holds: money set aside on an account until it is captured, released or expires.

export { expireHolds, expireHoldsStep, holdExpirer } from './expire-holds.ts';
export type { HoldStatus } from './hold.ts';
export { HOLD_STATUSES } from './hold.ts';
export { HOLD_LAWS } from './laws.ts';
export type { HoldView } from './schemas.ts';
export { capturedView, holdView } from './schemas.ts';
