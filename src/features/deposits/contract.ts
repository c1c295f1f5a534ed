// Deposits: money held for a term at a fixed rate, paid in at once or by instalments: opened, paid out, renewed, closed early.

export { depositHoldings } from './holdings.ts';
export { DEPOSIT_LAWS } from './laws.ts';
export { servesDeposit } from './repository.ts';
export { depositsStep, instalmentsStep } from './step.ts';
export { DEPOSIT_LAW, verifyDeposits } from './verify.ts';
