export type { Account, Holder } from './account.ts';
export { newAccount } from './account.ts';
export { accountHoldings } from './holdings.ts';
export { ACCOUNT_LAWS } from './laws.ts';
export {
  findAccount,
  findAccountIdByIban,
  insertAccounts,
  insertHolders,
  takeAccountNumbers,
  toAccount,
  updateAccount,
} from './repository.ts';
export type { AccountService } from './service.ts';
export { accountView } from './view.ts';
