export { isOwnIban, unknownPayee } from './own-iban.ts';
export type { Book, NewBook } from './service.ts';
export { findBook, openBook } from './service.ts';
