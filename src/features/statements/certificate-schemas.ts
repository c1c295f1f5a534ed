import { type Static, Type } from 'typebox';
import { IssuingBankSchema } from '#features/books/contract.ts';
import { choice, currency, date, id, instant, list, signedAmount, text, whole } from '#http/fields.ts';
import { closedObject, described, nullable, resource } from '#http/schemas.ts';
import { toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import type { BalanceConfirmation, InterestCertificate } from './certificates.ts';

const Format = choice('CertificateFormat', 'The format; `json` if not given.', ['json', 'pdf']);

export const InterestCertificateQuery = closedObject({
  year: Type.Optional(
    Type.Integer({
      description: 'The calendar year; the last one that is over if not given.',
      examples: [2026],
      minimum: 1900,
      maximum: 9998,
    }),
  ),
  format: Type.Optional(Format),
});
export const BalanceConfirmationQuery = closedObject({
  asOf: Type.Optional(date('The end of this date; now if not given.')),
  format: Type.Optional(Format),
});

const head = {
  accountId: id('account', 'The account.'),
  accountNumber: text('The number of the account.', '1000000001'),
  iban: nullable(text('Its IBAN; null in a country without IBANs.', 'DE88100100101000000001')),
  currency: currency('The currency of the amounts.'),
  product: text('The name of its product.', 'Savings account EUR'),
  bank: described(IssuingBankSchema, 'The bank.'),
  holders: list('The names of the owner and of joint holders.', text('A name.', 'Anna Sommer')),
  address: list('The address of the owner, line by line.', text('A line.', '1 Quay Street')),
  madeAt: instant('When it was made.'),
};

export const InterestCertificateSchema = resource(
  'InterestCertificate',
  'Interest, taxes and fees that were booked on an account in a calendar year.',
  {
    ...head,
    year: whole('The year.', 2026),
    interestEarned: signedAmount('Interest that was credited, less what was corrected.'),
    interestCharged: signedAmount('Interest that was charged, less what was corrected.'),
    taxesWithheld: signedAmount('Taxes that were withheld from the interest.'),
    fees: signedAmount('Fees that were charged, less what was given back.'),
    feeTaxes: signedAmount('Taxes on these fees.'),
  },
);
export const BalanceConfirmationSchema = resource(
  'BalanceConfirmation',
  'The balance of an account at the end of a date.',
  { ...head, asOf: date('The date.'), balance: signedAmount('The balance.') },
);
export type CertificateHeadView = Omit<Static<typeof BalanceConfirmationSchema>, 'asOf' | 'balance'>;

function headView({
  accountId,
  currency: of,
  head: named,
  madeAtMs,
}: BalanceConfirmation | InterestCertificate): CertificateHeadView {
  const { number: accountNumber, iban, product, bank, holders, address } = named;
  return {
    accountId: toTypeId('account', accountId),
    accountNumber,
    iban,
    currency: of,
    product,
    bank,
    holders: [...holders],
    address: [...address],
    madeAt: toIsoInstant(madeAtMs),
  };
}

export function interestCertificateView(
  certificate: InterestCertificate,
): Static<typeof InterestCertificateSchema> {
  const { year, currency: of, earnedMinor, chargedMinor, taxesMinor, feesMinor, feeTaxesMinor } = certificate;
  return {
    ...headView(certificate),
    year,
    interestEarned: formatAmount(earnedMinor, of),
    interestCharged: formatAmount(chargedMinor, of),
    taxesWithheld: formatAmount(taxesMinor, of),
    fees: formatAmount(feesMinor, of),
    feeTaxes: formatAmount(feeTaxesMinor, of),
  };
}

export function balanceConfirmationView(
  confirmation: BalanceConfirmation,
): Static<typeof BalanceConfirmationSchema> {
  const { asOf, balanceMinor, currency: of } = confirmation;
  return { ...headView(confirmation), asOf, balance: formatAmount(balanceMinor, of) };
}
