export { BENEFICIARY_LAWS } from './laws.ts';
export type { PayeeOfBeneficiary, PayWish } from './paid.ts';
export { findPayableBeneficiaries, storeBeneficiaryPayments } from './paid.ts';
export { BeneficiaryGuard } from './payment-guard.ts';
export type { AddBeneficiary, BeneficiaryService } from './service.ts';
export { beneficiaryView } from './view.ts';
