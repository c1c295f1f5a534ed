// Charges: the fees of accounts as they were charged, wait, were waived or given back.

export { FEE_LAWS } from './laws.ts';
export { FEE_LAW, verifyFees } from './verify.ts';
