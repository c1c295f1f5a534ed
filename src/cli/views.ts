import type { trialBalanceView } from '#features/accounting/contract.ts';
import type { accountView } from '#features/accounts/contract.ts';
import type { beneficiaryView } from '#features/beneficiaries/contract.ts';
import type { customerView } from '#features/customers/contract.ts';
import type { incomingView, outgoingView } from '#features/payments/contract.ts';
import type { lineView, transactionView } from '#features/transactions/contract.ts';
import type { userView } from '#identity/users/contract.ts';

/** What the features show, and what they show it of. */
export type AccountView = ReturnType<typeof accountView>;
export type BeneficiaryView = ReturnType<typeof beneficiaryView>;
export type CustomerView = ReturnType<typeof customerView>;
export type IncomingView = ReturnType<typeof incomingView>;
export type OutgoingView = ReturnType<typeof outgoingView>;
export type LineView = ReturnType<typeof lineView>;
export type TransactionView = ReturnType<typeof transactionView>;
export type UserView = ReturnType<typeof userView>;
export type TrialBalanceView = ReturnType<typeof trialBalanceView>;
export type StoredAccount = Parameters<typeof accountView>[0];
