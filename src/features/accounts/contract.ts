// Accounts: numbers and IBANs, holders and what each may do, status, overdraft limit, balances.

export { accountFor, assertAccess, assertSees, findAccessRefusals, findHolderRoles } from './access.ts';
export type { Holder, HolderRole } from './account.ts';
export { Account, newAccount } from './account.ts';
export { takeAccountNumbers } from './account-numbers.ts';
export { type AccountParty, accountParty } from './account-party.ts';
export { closeEmptied } from './close-emptied.ts';
export { hasAccountAfter } from './dated-after.ts';
export type { EstateFollower } from './estates.ts';
export { accountEstates } from './estates.ts';
export type { HolderRight } from './holder-rights.ts';
export { rolesThatOwn, rolesThatPay } from './holder-rights.ts';
export { accountHoldings } from './holdings.ts';
export { ACCOUNT_LAWS } from './laws.ts';
export { accountSeal } from './personal-seal.ts';
export type { StoredAccount } from './repository.ts';
export {
  asAccountError,
  findAccount,
  findAccountIdByIban,
  findAccountIdByNumber,
  findCaptureTolerance,
  findOwners,
  heldAccounts,
  holderRole,
  insertAccounts,
  insertHolders,
  knownAccounts,
  lockAccountRow,
  ownerName,
  updateAccount,
} from './repository.ts';
export type { ClosingPayout } from './service.ts';
export { accountTermsStep } from './terms-step.ts';
