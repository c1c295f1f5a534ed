import type { NewBook } from '#features/books/contract.ts';

/** Where every test bank's clock stands at first: a Wednesday noon. */
export const START_MS = Date.UTC(2026, 0, 14, 12);

/** The book of every test bank, but for those in another time zone. */
export const TEST_BOOK: NewBook = {
  name: 'Test bank',
  country: 'DE',
  bankCode: '10010010',
  timeZone: 'Europe/Berlin',
};
