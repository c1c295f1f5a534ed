import { type Static, Type } from 'typebox';
import {
  amount,
  changedLabels,
  choice,
  currency,
  externalIdFilter,
  flag,
  givenIban,
  givenLabels,
  givenName,
  givenText,
  id,
  instant,
  LENGTHS,
  labelsView,
  metadataFilter,
  shownLabels,
  signedAmount,
  text,
} from '#http/fields.ts';
import { idParams } from '#http/operations.ts';
import { pageQuery } from '#http/pagination.ts';
import { PayeeAccountRequest, PayeeAccountSchema, payeeAccountView } from '#http/payee-account.ts';
import { closedObject, nullable, requestObject, resource, typeIdSchema } from '#http/schemas.ts';
import { toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import { orNull } from '#lib/text.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import { statusAt } from './beneficiary.ts';
import type { StoredBeneficiary } from './repository.ts';

const NAME = 'Anna Sommer';
const EXTERNAL_ID = 'payee-4711';
const IBAN = 'DE89370400440532013000';

export const CreateBeneficiaryRequest = requestObject(
  'CreateBeneficiaryRequest',
  'A payee of a customer, by IBAN, by bank code and number, or by account of this bank.',
  {
    name: givenName('The payee’s name.', NAME, LENGTHS.payment),
    iban: Type.Optional(givenIban('An IBAN of any bank. Give this, account or accountId.', IBAN)),
    account: Type.Optional(PayeeAccountRequest),
    accountId: Type.Optional(id('account', 'An account of this bank. Give this, iban or account.')),
    nickname: Type.Optional(givenText('What the customer calls the payee.', 'Anna', LENGTHS.short)),
    limitPerDay: Type.Optional(amount('The most that the customer pays them on a day.')),
    currency: Type.Optional(
      currency(
        'The currency of the limit. If not given: that of the payee’s account, else of the customer’s first account.',
      ),
    ),
    ...givenLabels(EXTERNAL_ID),
  },
);

export const ChangeBeneficiaryRequest = requestObject(
  'ChangeBeneficiaryRequest',
  'New details of a beneficiary; what is not given stays as it is.',
  {
    name: Type.Optional(givenName('The payee’s name.', NAME, LENGTHS.payment)),
    nickname: Type.Optional(
      nullable(givenText('What the customer calls the payee; null removes it.', 'Anna', LENGTHS.short)),
    ),
    limitPerDay: Type.Optional(
      nullable(amount('The most that the customer pays them on a day; null for no limit, in any currency.')),
    ),
    ...changedLabels(EXTERNAL_ID),
  },
  { minProperties: 1 },
);

export const BeneficiarySchema = resource('Beneficiary', 'A payee of a customer.', {
  id: id('beneficiary', 'The id.'),
  customerId: id('customer', 'The customer who pays.'),
  name: text('The payee’s name.', NAME),
  nickname: nullable(text('What the customer calls the payee.', 'Anna')),
  iban: nullable(text('The payee’s IBAN; null for an account without one.', IBAN)),
  account: PayeeAccountSchema,
  accountId: nullable(id('account', 'The account of this bank that it is; null for another bank.')),
  currency: nullable(currency('The currency of the limit; null without one.')),
  limitPerDay: nullable(signedAmount('The most that the customer pays them on a day; null for no limit.')),
  status: choice('BeneficiaryStatus', 'While it is cooling off, only a small amount can be paid.', [
    'cooling_off',
    'active',
  ]),
  usableFrom: instant('When the cooling off ends.'),
  ...shownLabels(EXTERNAL_ID),
  createdAt: instant('When it was created.'),
  updatedAt: instant('When it was last changed.'),
});
export type BeneficiaryView = Static<typeof BeneficiarySchema>;

export function beneficiaryView(beneficiary: StoredBeneficiary, nowMs: number): BeneficiaryView {
  const { accountId, currency, limitPerDayMinor } = beneficiary;
  return {
    id: toTypeId('beneficiary', beneficiary.id),
    customerId: toTypeId('customer', beneficiary.customerId),
    name: beneficiary.name,
    nickname: beneficiary.nickname ?? null,
    iban: 'iban' in beneficiary.account ? beneficiary.account.iban : null,
    account: payeeAccountView(beneficiary.account),
    accountId: orNull(accountId, (account) => toTypeId('account', account)),
    currency: currency ?? null,
    limitPerDay:
      currency === undefined ? null : orNull(limitPerDayMinor, (limit) => formatAmount(limit, currency)),
    status: statusAt(beneficiary, nowMs),
    usableFrom: toIsoInstant(beneficiary.usableFromMs),
    ...labelsView(beneficiary),
    createdAt: toIsoInstant(beneficiary.createdAtMs),
    updatedAt: toIsoInstant(beneficiary.updatedAtMs),
  };
}

export const ListBeneficiariesQuery = pageQuery({
  externalId: externalIdFilter(EXTERNAL_ID),
  metadata: metadataFilter,
});

export const DeleteBeneficiaryQuery = closedObject({
  cancelOrders: Type.Optional(
    flag('Cancel the standing orders that pay it, and keep them; refused if not given while there are any.'),
  ),
});

export const BeneficiariesParams = idParams('customer');
export const BeneficiaryParams = Type.Object({
  id: typeIdSchema('customer'),
  beneficiaryId: typeIdSchema('beneficiary'),
});
