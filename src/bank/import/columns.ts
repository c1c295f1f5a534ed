/** What can be imported, in this order: each kind names those before it by their ids in the other system. */
export const IMPORT_KINDS = ['customers', 'accounts', 'balances'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/** A column of a file: whether each row needs it, and an example. */
type Column = { readonly isRequired: boolean; readonly example: string };
const needed = (example: string): Column => ({ isRequired: true, example });
const optional = (example: string): Column => ({ isRequired: false, example });

/** The columns of each kind, by the names that headers are matched to. */
export const COLUMNS: Readonly<Record<ImportKind, Readonly<Record<string, Column>>>> = {
  customers: {
    externalId: needed('M-1001'),
    type: optional('person'),
    givenName: optional('Anna'),
    familyName: optional('Sommer'),
    dateOfBirth: optional('1980-05-17'),
    legalName: optional(''),
    registrationNumber: optional(''),
    email: optional('anna.sommer@example.com'),
    phone: optional('+493012345678'),
    line1: optional('Lindenstraße 1'),
    line2: optional(''),
    postalCode: optional('10969'),
    city: optional('Berlin'),
    region: optional(''),
    country: optional('DE'),
    nationalId: optional(''),
  },
  accounts: {
    externalId: needed('A-2001'),
    customerExternalId: needed('M-1001'),
    product: needed('current'),
    currency: needed('EUR'),
    overdraftLimit: optional('500.00'),
  },
  balances: {
    accountExternalId: needed('A-2001'),
    amount: needed('1250.00'),
    currency: needed('EUR'),
  },
};

/** A file to fill in: the headers, and a row as an example. */
export function templateOf(kind: ImportKind): string {
  const columns = Object.entries(COLUMNS[kind]);
  const line = (cells: readonly string[]): string => `${cells.join(',')}\n`;
  return line(columns.map(([name]) => name)) + line(columns.map(([, { example }]) => example));
}
