// Deposits: money held for a term at a fixed rate: opened, paid out, renewed, closed early.

export { depositHoldings } from './holdings.ts';
export { DEPOSIT_LAWS } from './laws.ts';
export { paysDepositOut } from './repository.ts';
export { depositsStep } from './step.ts';
export { DEPOSIT_LAW, verifyDeposits } from './verify.ts';
