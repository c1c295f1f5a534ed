// Accounts: numbers and IBANs, holders and what each may do, status, overdraft limit, balances.

export type { Holder } from './account.ts';
export { Account, newAccount } from './account.ts';
export { takeAccountNumbers } from './account-numbers.ts';
export type { HeldBy } from './held-accounts.ts';
export { assertStillPay, findHolderRefusals, heldAccounts } from './held-accounts.ts';
export type { HolderRight } from './holder-rights.ts';
export { assertHolderMay, rolesThatPay } from './holder-rights.ts';
export { accountHoldings } from './holdings.ts';
export { ACCOUNT_LAWS } from './laws.ts';
export {
  findAccount,
  findAccountIdByIban,
  insertAccounts,
  insertHolders,
  lockAccountRow,
  updateAccount,
} from './repository.ts';
export { accountView } from './schemas.ts';
export type { AccountService } from './service.ts';
