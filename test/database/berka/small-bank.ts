import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { sql } from 'kysely';
import type { Db } from '#db/database.ts';

const TRANSACTION_COLUMNS =
  '"trans_id";"account_id";"date";"type";"operation";"amount";"balance";"k_symbol";"bank";"account"';

/** A bank of three clients and two accounts: account 2 is overdrawn for a day, rows of one day are mixed up. */
export const SMALL_BANK = {
  'district.csv': [
    'A1;A2;A3;A4;A5;A6;A7;A8;A9;A10;A11;A12;A13;A14;A15;A16',
    '1;"Hl.m. Praha";"Prague";1204953;0;0;0;1;1;100.0;12541;0.29;0.43;167;85677;99107',
    '69;"Jesenik";"north Moravia";42821;4;13;5;1;3;48.4;8173;?;7.01;124;?;1358',
  ],
  'client.csv': [
    '"client_id";"birth_number";"district_id"',
    '1;"706213";1',
    '2;"450204";69',
    '3;"805101";69',
  ],
  'account.csv': [
    '"account_id";"district_id";"frequency";"date"',
    '1;1;"POPLATEK MESICNE";930101',
    '2;69;"POPLATEK PO OBRATU";930104',
  ],
  'disp.csv': [
    '"disp_id";"client_id";"account_id";"type"',
    '1;1;1;"OWNER"',
    '2;2;2;"OWNER"',
    '3;3;2;"DISPONENT"',
  ],
  'order.csv': [
    '"order_id";"account_id";"bank_to";"account_to";"amount";"k_symbol"',
    '29401;1;"YZ";"87144583";2452.00;"SIPO"',
    '29402;2;"ST";"89597016";3372.70;" "',
  ],
  'loan.csv': [
    '"loan_id";"account_id";"date";"amount";"duration";"payments";"status"',
    '5314;1;930705;96396;12;8033.00;"B"',
  ],
  'card.csv': ['"card_id";"disp_id";"type";"issued"', '1005;3;"classic";931107 00:00:00'],
  'trans-1993.csv': [
    TRANSACTION_COLUMNS,
    '11;1;930101;"PRIJEM";"VKLAD";1000.00;1000.00;"";;',
    '21;2;930104;"PRIJEM";"PREVOD Z UCTU";500.00;500.00;"DUCHOD";"ST";"42988401"',
    '14;1;930131;"VYDAJ";"VYBER";14.60;885.70;"SLUZBY";;',
    '13;1;930131;"VYBER";"VYBER";100.00;900.30;"";;"0"',
    '12;1;930131;"PRIJEM";"";0.20;1000.30;"UROK";;',
    '22;2;930201;"VYDAJ";"PREVOD NA UCET";650.50;-150.50;"SIPO";"YZ";"87144583"',
    '23;2;930202;"VYDAJ";"VYBER";0.70;-151.20;"SANKC. UROK";;',
    '24;2;930203;"PRIJEM";"VKLAD";400.00;248.80;"";;',
    '25;2;930203;"VYDAJ";"VYBER KARTOU";48.80;200.00;"";;',
  ],
} as const;

export type FileName = keyof typeof SMALL_BANK;
export type BankFiles = { readonly [name in FileName]: readonly string[] };

/** A file of transactions: the header and these rows. */
export function transactionFile(...rows: string[]): string[] {
  return [TRANSACTION_COLUMNS, ...rows];
}

/** Writes files into a folder that is gone after the test file. */
export async function writeFiles(files: Readonly<Record<string, readonly string[]>>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'florin-berka-'));
  after(() => rm(directory, { recursive: true, force: true }));
  for (const [name, lines] of Object.entries(files)) {
    await writeFile(join(directory, name), `${lines.join('\n')}\n`);
  }
  return directory;
}

/** Writes the small bank, with some of its files exchanged. */
export function writeSmallBank(changed: Partial<BankFiles> = {}): Promise<string> {
  return writeFiles({ ...SMALL_BANK, ...changed });
}

/** The number of rows of every table that an import writes to, and the book's date. */
export async function countRows(db: Db): Promise<Record<string, bigint | string>> {
  const counts: Record<string, bigint | string> = {};
  for (const table of [
    'customers',
    'accounts',
    'account_holders',
    'ledger_accounts',
    'journal_entries',
    'postings',
    'transactions',
    'imports',
    'imported_records',
  ]) {
    const { rows } = await sql<{ count: bigint }>`select count(*) from ${sql.table(table)}`.execute(db);
    counts[table] = rows[0]!.count;
  }
  const book = await db
    .selectFrom('books')
    .select(['business_date', 'date_policy'])
    .executeTakeFirstOrThrow();
  return { ...counts, businessDate: book.business_date, datePolicy: book.date_policy };
}
