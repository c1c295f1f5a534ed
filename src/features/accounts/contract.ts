export type { Account, Holder } from './account.ts';
export { newAccount } from './account.ts';
export { accountHoldings } from './holdings.ts';
export { ACCOUNT_LAWS } from './laws.ts';
export { findAccount, findAccountIdByIban, insertAccounts, takeAccountNumbers } from './repository.ts';
export { accountView } from './view.ts';
export type { AccountService } from './service.ts';
