// The book: how it is opened, its chart of accounts, which IBANs are its own.

export { bookError } from './errors.ts';
export type { IsOwnIban } from './own-iban.ts';
export { selectOwnIbans } from './own-iban.ts';
export { IssuingBankSchema } from './schemas.ts';
export type { NewBook } from './service.ts';
export { assertBookOpened, openBook } from './service.ts';
export type { Bank, IssuingBankView } from './settings.ts';
export { issuingBankText, issuingBankView, selectBank } from './settings.ts';
