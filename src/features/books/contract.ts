export type { IsOwnIban } from './own-iban.ts';
export { selectOwnIbans, unknownPayee } from './own-iban.ts';
export type { Book, NewBook } from './service.ts';
export { assertBookOpened, findBook, openBook } from './service.ts';
