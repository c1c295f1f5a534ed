// The book: how it is opened, its chart of accounts, which accounts are its own.

export { bookError } from './errors.ts';
export type { IsOwnAccount } from './own-account.ts';
export { selectOwnAccounts } from './own-account.ts';
export { IssuingBankSchema } from './schemas.ts';
export type { NewBook } from './service.ts';
export { assertBookOpened, openBook } from './service.ts';
export type { Bank, IssuingBankView } from './settings.ts';
export {
  issuingBankText,
  issuingBankView,
  letterheadOf,
  selectBank,
  selectBaseCurrency,
} from './settings.ts';
