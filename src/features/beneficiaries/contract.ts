// Beneficiaries: payees a customer pays by name, with a cooling-off period and limits of their own.

export { confirmUnsaved } from './confirm-unsaved.ts';
export { selectBeneficiaryUses } from './day-uses.ts';
export { foundPayee } from './found-payees.ts';
export { BENEFICIARY_LAWS } from './laws.ts';
export type { OrdersToBeneficiary } from './orders.ts';
export type { PayeeByNumber, PayeeOfBeneficiary } from './paid.ts';
export { findPayableBeneficiaries, findSavedPayees, storeBeneficiaryPayments } from './paid.ts';
export { BeneficiaryGuard } from './payment-guard.ts';
export type { SavedPayee } from './repository.ts';
export { listPayees } from './repository.ts';
