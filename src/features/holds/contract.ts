// Holds: money set aside on an account until it is captured, released or expires.

export { hasActiveAttachment } from './attachments/repository.ts';
export { attachmentsStep } from './attachments/step.ts';
export { hasHoldAfter } from './dated-after.ts';
export { expireHolds, expireHoldsStep, holdExpirer } from './expire-holds.ts';
export { HOLD_LAWS } from './laws.ts';
