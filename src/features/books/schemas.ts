import { type Static, Type } from 'typebox';
import { currency, date, flag, givenText, list, text, whole } from '#http/fields.ts';
import { described, MetadataSchema, nullable, requestObject, resource } from '#http/schemas.ts';
import type { CurrencyOfBank } from './bank-service.ts';
import type { Bank } from './settings.ts';

const supervisoryIds = described(MetadataSchema, 'Ids that supervisors gave the bank, by their names.');

export const BankSchema = resource('Bank', 'The bank: what it says of itself, and how it was opened.', {
  name: text('Its name.', 'Harbour Credit Union'),
  bic: nullable(text('Its BIC (ISO 9362).', 'NWBKGB2L')),
  addressLine1: nullable(text('Street and number.', '1 Quay Street')),
  addressLine2: nullable(text('More of the address.', 'Second floor')),
  postalCode: nullable(text('The postal code.', 'M3 3HN')),
  city: nullable(text('The city.', 'Manchester')),
  country: text('Its country (ISO 3166-1).', 'GB'),
  baseCurrency: currency('In which its own books are kept: the currency of its country.'),
  supervisoryIds,
  letterheadColor: nullable(text('The colour of its name on paper; null for black.', '#1f4e79')),
  bankCode: text(
    'What names bank and branch in its country; a part of account numbers and IBANs.',
    'NWBK601613',
  ),
  timeZone: text('The time zone whose midnight ends its business date.', 'Europe/London'),
  businessDate: date('The date that is booked on now.'),
});
export type BankView = Static<typeof BankSchema>;

export function bankView(bank: Bank): BankView {
  return { ...bank, supervisoryIds: { ...bank.supervisoryIds } };
}

export const ChangeBankRequest = requestObject(
  'ChangeBankRequest',
  'What the bank says of itself; what is not given stays as it is.',
  {
    name: Type.Optional(givenText('Its name.', 'Harbour Credit Union', 200)),
    bic: Type.Optional(nullable(givenText('Its BIC (ISO 9362).', 'NWBKGB2L', 20))),
    addressLine1: Type.Optional(nullable(givenText('Street and number.', '1 Quay Street', 200))),
    addressLine2: Type.Optional(nullable(givenText('More of the address.', 'Second floor', 200))),
    postalCode: Type.Optional(nullable(givenText('The postal code.', 'M3 3HN', 20))),
    city: Type.Optional(nullable(givenText('The city.', 'Manchester', 100))),
    supervisoryIds: Type.Optional(supervisoryIds),
    letterheadColor: Type.Optional(
      nullable(
        givenText('The colour of its name on paper; its contrast with white is 4.5 at least.', '#1f4e79', 20),
      ),
    ),
  },
  { minProperties: 1 },
);

export const CurrencyOfBankSchema = resource('CurrencyOfBank', 'A currency of ISO 4217.', {
  currency: currency('The code.'),
  decimals: whole('Digits after the point.', 2),
  isEnabled: flag('Whether accounts can be opened in it.'),
});
export type CurrencyOfBankView = Static<typeof CurrencyOfBankSchema>;

export function currencyView(of: CurrencyOfBank): CurrencyOfBankView {
  return { ...of };
}

export const CurrencyParams = Type.Object({
  currency: text('A currency code; 404 for any other text.', 'SEK'),
});

/** The bank as it stands on what it sends out. */
export const IssuingBankSchema = resource('IssuingBank', 'The bank that issued it.', {
  name: text('Its name.', 'Harbour Credit Union'),
  bic: nullable(text('Its BIC; null where none is set.', 'NWBKGB2L')),
  address: list('Its address, line by line.', text('A line.', '1 Quay Street')),
  supervisoryIds,
  letterheadColor: Type.Optional(
    nullable(text('The colour of its name on paper; null for black.', '#1f4e79')),
  ),
});
