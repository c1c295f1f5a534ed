// Charges: the fees of accounts as they were charged, wait, were waived or given back.

export { chargeEvents } from './charge-events.ts';
export { dueFeesStep } from './collect-step.ts';
export { FEE_LAWS } from './laws.ts';
export { listFeesOfEntries, owesFees } from './repository.ts';
export { dateFeesStep } from './step.ts';
export { FEE_LAW, verifyFees } from './verify.ts';
