import { sql } from 'kysely';
import { noteChanged } from '#db/changed-rows.ts';
import type { Db, Tx } from '#db/database.ts';
import { columns } from '#db/rows.ts';
import { isBic } from '#lib/bic.ts';
import { checkAll } from '#lib/check-all.ts';
import { contrastWithWhite, isColor } from '#lib/contrast.ts';
import { validationFailed } from '#lib/errors.ts';
import { currencyOfCountry } from '#lib/money/country-currencies.ts';
import { type Currency, requireCurrency } from '#lib/money/currencies.ts';
import { cleanText } from '#lib/text.ts';
import type { IsoDate } from '#lib/time/dates.ts';

/** What a bank says of itself on statements and payments. */
export type BankSettings = {
  readonly name: string;
  /** ISO 9362, eight or eleven characters. */
  readonly bic: string | null;
  readonly addressLine1: string | null;
  readonly addressLine2: string | null;
  readonly postalCode: string | null;
  readonly city: string | null;
  /** Ids that supervisors gave it, by their names. */
  readonly supervisoryIds: Readonly<Record<string, string>>;
  /** Of its name on paper, as `#rrggbb`; black if null. */
  readonly letterheadColor: string | null;
};

const FALLBACK = requireCurrency('EUR');

/** The settings, and what is decided when the bank is opened. */
export type Bank = BankSettings & {
  readonly country: string;
  /** In which its own books are kept: that of its country, or euros where that has none. */
  readonly baseCurrency: Currency;
  readonly bankCode: string;
  readonly timeZone: string;
  readonly businessDate: IsoDate;
};

export type BankChanges = { readonly [Field in keyof BankSettings]?: BankSettings[Field] | undefined };

/** Characters of each text. */
const MAX_LENGTHS = { name: 200, addressLine1: 200, addressLine2: 200, postalCode: 20, city: 100 } as const;

const isText = (field: string): field is keyof typeof MAX_LENGTHS => field in MAX_LENGTHS;

/** Of text, as WCAG 2.2 asks for. */
const MIN_CONTRAST = 4.5;

/** Throws 400 `validation_failed` for a BIC of the wrong form, a colour that is hard to read, and for texts that are too long. */
export function changedSettings(bank: BankSettings, changes: BankChanges): BankSettings {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const checks = given.map(([field, value]) => [
    field,
    () => (typeof value === 'string' ? cleanSetting(field, value) : value),
  ]);
  return { ...bank, ...(checkAll(Object.fromEntries(checks)) as BankChanges) } as BankSettings;
}

function cleanSetting(field: string, value: string): string {
  if (isText(field)) return cleanText(value, field, MAX_LENGTHS[field]);
  if (field === 'letterheadColor') return cleanColor(value);
  const bic = value.replaceAll(/\s/g, '').toUpperCase();
  if (!isBic(bic)) {
    throw validationFailed({ path: 'bic', message: 'must be a BIC of 8 or 11 characters, like NWBKGB2L' });
  }
  return bic;
}

function cleanColor(value: string): string {
  const [path, color] = ['letterheadColor', value.trim().toLowerCase()];
  if (!isColor(color)) throw validationFailed({ path, message: 'must be a colour like #1f4e79' });
  if (contrastWithWhite(color) < MIN_CONTRAST) {
    throw validationFailed({
      path,
      message: 'must be darker: its contrast with white is to be 4.5 at least',
    });
  }
  return color;
}

export async function selectBank(db: Db, bookId: number): Promise<Bank> {
  const bank = await db
    .selectFrom('books')
    .select(columns('books', ['name', 'bic', 'address_line1', 'address_line2', 'postal_code', 'city']))
    .select(columns('books', ['letterhead_color', 'country', 'bank_code', 'time_zone', 'business_date']))
    .select((eb) =>
      eb.ref('supervisory_ids').$castTo<Readonly<Record<string, string>>>().as('supervisoryIds'),
    )
    .where('book_id', '=', bookId)
    .executeTakeFirstOrThrow();
  return { ...bank, baseCurrency: currencyOfCountry(bank.country) ?? FALLBACK };
}

/** The currency in which the bank's own books are kept. */
export async function selectBaseCurrency(db: Db, bookId: number): Promise<Currency> {
  return (await selectBank(db, bookId)).baseCurrency;
}

export async function updateBank(tx: Tx, bookId: number, settings: BankSettings): Promise<void> {
  await tx
    .updateTable('books')
    .set({
      name: settings.name,
      bic: settings.bic,
      address_line1: settings.addressLine1,
      address_line2: settings.addressLine2,
      postal_code: settings.postalCode,
      city: settings.city,
      letterhead_color: settings.letterheadColor,
      supervisory_ids: sql`${JSON.stringify(settings.supervisoryIds)}::jsonb`,
    })
    .where('book_id', '=', bookId)
    .execute();
  await noteChanged(tx, bookId, 'books', ['book']);
}

/** The bank as it stands on what it sends out. */
export type IssuingBankView = {
  name: string;
  bic: string | null;
  address: string[];
  supervisoryIds: Record<string, string>;
  /** Absent from what was kept before there was one. */
  letterheadColor?: string | null;
};

export function issuingBankView(bank: BankSettings): IssuingBankView {
  const place = [bank.postalCode, bank.city].filter((part) => part !== null).join(' ');
  const lines = [bank.addressLine1, bank.addressLine2, place === '' ? null : place];
  return {
    name: bank.name,
    bic: bank.bic,
    address: lines.filter((line) => line !== null),
    supervisoryIds: { ...bank.supervisoryIds },
    letterheadColor: bank.letterheadColor,
  };
}

/** The head of what the bank prints: its name, and below it what else it says of itself. */
export function letterheadOf({ name, address, supervisoryIds, letterheadColor }: IssuingBankView) {
  const ids = Object.entries(supervisoryIds).map(([supervisor, id]) => `${supervisor} ${id}`);
  const below = [...address, ...ids].join(' · ');
  return { lines: below === '' ? [name] : [name, below], color: letterheadColor ?? undefined };
}

/** The same in one line of text. */
export function issuingBankText({ name, bic, address, supervisoryIds }: IssuingBankView): string {
  const ids = Object.entries(supervisoryIds).map(([supervisor, id]) => `${supervisor} ${id}`);
  return [name, ...(bic === null ? [] : [`BIC ${bic}`]), ...address, ...ids].join(', ');
}
