import { after } from 'node:test';
import { createServices, type Services } from '#bank/services.ts';
import { type Database, openDatabase } from '#db/database.ts';
import { openBook } from '#features/books/contract.ts';
import type { TestBank } from './bank.ts';

/** Another bank's book in the database of a test bank, at the same clock. Call at the top level of a test file. */
export async function openSecondBook(bank: TestBank): Promise<{ services: Services; database: Database }> {
  const database = openDatabase({ databaseUrl: bank.databaseUrl, bookId: 2 });
  const { db, postingPool } = database;
  const context = { ...bank.context, db, postingPool, bookId: 2 };
  await openBook(context, {
    name: 'Other bank',
    country: 'DE',
    bankCode: '10010010',
    timeZone: 'Europe/Berlin',
  });
  const services = createServices(context);
  after(async () => {
    await services.drain();
    await database.close();
  });
  return { services, database };
}
