import { type Static, Type } from 'typebox';
import {
  type AccountFee,
  FEE_STATUSES,
  FeeEventSchema,
  FeePaymentTypeSchema,
  NOT_CHARGED,
} from '#features/fees/contract.ts';
import {
  amount,
  choice,
  currency,
  date,
  id,
  instant,
  reasons,
  signedAmount,
  text,
  whole,
} from '#http/fields.ts';
import { pageQuery } from '#http/pagination.ts';
import { closedObject, described, nullable, requestObject, resource, typeIdSchema } from '#http/schemas.ts';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import { toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import type { FeePreview } from './service.ts';
import type { StoredFee } from './stored-fee.ts';

const EXAMPLE_REASON = 'Goodwill, after a complaint';

const FeeStatus = choice(
  'FeeStatus',
  '`charged`: it was taken from the account. `due`: it waits for money. `waived`: it is not asked for any more. `refunded`: it was given back. `not_charged`: it cost nothing.',
  FEE_STATUSES,
);
const FeeNotCharged = choice(
  'FeeNotCharged',
  'Why a fee costs nothing: one of the free ones of its month, an amount that rounds to nothing, or a condition of the terms.',
  NOT_CHARGED,
);

const FeeFactsSchema = resource('FeeFacts', 'What a fee follows from, as it was when it arose.', {
  amount: nullable(signedAmount('What was paid; null where nothing was.')),
  paymentType: nullable(described(FeePaymentTypeSchema, 'What kind of payment it was.')),
  earlierThisMonth: nullable(whole('How many of its kind came before it in the month.', 2)),
  lowestBalance: nullable(
    signedAmount('The lowest balance at the end of a day; null where no condition asks.'),
  ),
  averageBalance: nullable(signedAmount('The average of these balances.')),
  salary: nullable(signedAmount('What came in from other banks.')),
  age: nullable(whole('The age of the owner in whole years.', 26)),
  monthOfAccount: nullable(whole('The month of the account: 1 is that in which it was opened.', 7)),
});

const pricing = {
  code: text('The code of the fee in the terms of the product.', 'atm'),
  name: text('What customers read.', 'Cash machine fee'),
  event: described(FeeEventSchema, 'What it is for.'),
  amount: signedAmount('What it comes to, without tax.'),
  tax: signedAmount('The tax on it.'),
  total: signedAmount('Both together.'),
  currency: currency('The currency of the amounts.'),
  taxName: nullable(text('What the tax is called; null for none.', 'VAT 19 %')),
  notCharged: nullable(described(FeeNotCharged, 'Why it costs nothing; null if it costs something.')),
  facts: FeeFactsSchema,
};

export const FeeSchema = resource('Fee', 'A fee of an account: charged, due, waived, given back, or free.', {
  id: id('fee', 'Its id.'),
  accountId: id('account', 'The account.'),
  status: FeeStatus,
  ...pricing,
  product: text('The product whose terms have it.', 'current'),
  termsVersion: whole('The version of these terms.', 1),
  businessDate: date('The business date on which it arose.'),
  dueOn: nullable(date('Of a monthly or yearly fee: the date that it is for.')),
  paymentId: nullable(id('transaction', 'The payment that it is for.')),
  about: nullable(
    text('What else it is about: a standing order or a statement.', 'so_01h455vb4pex5vsknk084sn02q'),
  ),
  transactionId: nullable(
    id('transaction', 'The transaction that charged it: that of the payment, or one of its own.'),
  ),
  refundId: nullable(id('transaction', 'The transaction that gave it back.')),
  decidedBy: nullable(text('Who waived it or gave it back.', 'usr_01h455vb4pex5vsknk084sn02q')),
  decidedAt: nullable(instant('When they did.')),
  reason: nullable(text('Why, for staff; null for customers.', EXAMPLE_REASON)),
  customerReason: nullable(text('What the customer reads about it.', 'As agreed on the telephone')),
});
export type FeeView = Static<typeof FeeSchema>;

export const FeePreviewSchema = resource('FeePreview', 'A fee that something would cost now.', pricing);
export type FeePreviewView = Static<typeof FeePreviewSchema>;

type Priced = Pick<
  AccountFee,
  'code' | 'name' | 'event' | 'feeMinor' | 'taxMinor' | 'currency' | 'taxName' | 'notCharged' | 'facts'
>;

function pricingView({ feeMinor, taxMinor, currency, taxName, notCharged, facts, ...fee }: Priced) {
  const { code, name, event } = fee;
  const format = (minor: bigint): string => formatAmount(minor, currency);
  const shown = (minor: bigint | undefined): string | null => (minor === undefined ? null : format(minor));
  return {
    code,
    name,
    event,
    amount: format(feeMinor),
    tax: format(taxMinor),
    total: format(feeMinor + taxMinor),
    currency,
    taxName: taxName ?? null,
    notCharged: notCharged ?? null,
    facts: {
      amount: shown(facts.amountMinor),
      paymentType: (facts.paymentType ?? null) as FeePreviewView['facts']['paymentType'],
      earlierThisMonth: facts.earlierThisMonth ?? null,
      lowestBalance: shown(facts.lowestBalanceMinor),
      averageBalance: shown(facts.averageBalanceMinor),
      salary: shown(facts.salaryMinor),
      age: facts.ageYears ?? null,
      monthOfAccount: facts.monthOfAccount ?? null,
    },
  };
}

/** A fee as a caller may see it: the reason that staff gave is for staff. */
export function feeView(caller: Caller, fee: StoredFee): FeeView {
  const transaction = (entryId: StoredFee['entryId']): string | null =>
    entryId === undefined ? null : toTypeId('transaction', entryId);
  return {
    id: toTypeId('fee', fee.id),
    accountId: toTypeId('account', fee.accountId),
    status: fee.status,
    ...pricingView(fee),
    product: fee.product,
    termsVersion: fee.termsVersion,
    businessDate: fee.businessDate,
    dueOn: fee.dueOn ?? null,
    paymentId: transaction(fee.paymentEntryId),
    about: fee.about ?? null,
    transactionId: transaction(fee.entryId),
    refundId: transaction(fee.refundEntryId),
    decidedBy: fee.decidedBy ?? null,
    decidedAt: fee.decidedAt?.toISOString() ?? null,
    reason: (ownCustomerOf(caller) === undefined ? fee.reason : undefined) ?? null,
    customerReason: fee.customerReason ?? null,
  };
}

export const previewView = (preview: FeePreview): FeePreviewView => pricingView(preview);

export const ListFeesQuery = pageQuery({
  status: Type.Optional(described(FeeStatus, 'Those of this status.')),
  from: Type.Optional(date('Those that arose on this date or later.')),
  to: Type.Optional(date('Those that arose on this date or before.')),
});

export const FeePreviewQuery = closedObject({
  event: Type.Optional(described(FeeEventSchema, 'What would be done; everything if not given.')),
  amount: Type.Optional(amount('What would be paid, in the currency of the account.')),
  paymentType: Type.Optional(described(FeePaymentTypeSchema, 'What kind of payment it would be.')),
});

export const FeeParams = closedObject({
  id: typeIdSchema('account'),
  feeId: typeIdSchema('fee'),
});

export const DecideFeeRequest = requestObject(
  'DecideFeeRequest',
  'Why a fee is waived or given back.',
  reasons(EXAMPLE_REASON),
);
