import { type Static, Type } from 'typebox';
import { describeTerm, TaxSchema, TermSchema } from '#features/interest/contract.ts';
import {
  amount,
  choice,
  currency,
  customerReason,
  date,
  externalIdFilter,
  flag,
  givenLabels,
  givenText,
  id,
  instant,
  labelsView,
  list,
  metadataFilter,
  shownLabels,
  signedAmount,
  text,
  whole,
} from '#http/fields.ts';
import { idParams } from '#http/operations.ts';
import { pageQuery } from '#http/pagination.ts';
import { described, nullable, requestObject, resource } from '#http/schemas.ts';
import { type AccountId, toDepositId, toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import { formatRatePpm } from '#lib/money/rate-ppm.ts';
import { optional, orNull } from '#lib/text.ts';
import type { ClosurePreview } from './closing.ts';
import { DEPOSIT_EVENT_KINDS } from './event.ts';
import type { StoredDepositEvent } from './event-repository.ts';
import {
  InstalmentFrequency,
  InstalmentsSchema,
  instalmentsView,
  QuotedInstalmentSchema,
  quotedInstalmentView,
} from './instalment-schemas.ts';
import type { DepositQuote } from './quote.ts';
import type { StoredDeposit } from './repository.ts';
import { DEPOSIT_STATUSES, ON_MATURITY } from './state.ts';

const Status = choice(
  'TimeDepositStatus',
  '`matured`: its term is over, and its money waits to be paid out. The others say how it ended, but for `active`.',
  DEPOSIT_STATUSES,
);
const EXTERNAL_ID = 'dep-4711';

const OnMaturity = choice(
  'OnMaturity',
  'What happens at the maturity: all is paid out, all is held for another term, or the principal alone is.',
  ON_MATURITY,
);

/** A deposit’s id as the API shows it. */
const depositIdText = (id: AccountId): string => toTypeId('deposit', toDepositId(id));

export const DepositSchema = resource('TimeDeposit', 'Money held for a term at a fixed rate.', {
  id: id('deposit', 'Its id.'),
  accountId: id('account', 'The account that holds its money.'),
  customerId: id('customer', 'Whose it is.'),
  product: text('The code of the product.', 'fixed_term'),
  currency: currency('The currency.'),
  termsVersion: whole('The version of the product’s terms that it was made on.', 1),
  principal: signedAmount('What was paid in, less what missed instalments cost.'),
  rate: text('Percent a year, as it was agreed until the maturity.', '3.25'),
  term: TermSchema,
  openedOn: date('The first day that earns.'),
  maturesOn: date('The day on which it is paid out. The day before is the last that earns.'),
  noticeDueOn: nullable(date('When the customer is to be told of the maturity; null for no notice.')),
  paysInterestOut: flag('Whether interest is paid out when it is posted.'),
  instalments: nullable(InstalmentsSchema),
  payoutAccountId: id('account', 'Where interest and principal are paid.'),
  onMaturity: OnMaturity,
  renewalProduct: nullable(text('The product that it is renewed into; null for its own.', 'fixed_term')),
  renewalTerm: nullable(TermSchema),
  status: Status,
  waitsFor: nullable(
    text('The code of why its money waits, though it should have been paid.', 'account_frozen'),
  ),
  endedOn: nullable(date('When it was paid out, renewed or closed.')),
  renewsId: nullable(id('deposit', 'The deposit that it goes on with.')),
  renewedAsId: nullable(id('deposit', 'The deposit that goes on with it.')),
  ...shownLabels(EXTERNAL_ID),
  version: whole('Counts changes, for If-Match.', 1),
  createdAt: instant('When it was made.'),
  updatedAt: instant('When something happened to it last.'),
});
export type DepositView = Static<typeof DepositSchema>;

export function depositView(deposit: StoredDeposit): DepositView {
  const {
    id: accountId,
    customerId,
    principalMinor,
    ratePpm,
    instruction,
    labels,
    lastEventNumber: _,
    plan,
    collectedFromId: ___,
    ...shown
  } = deposit;
  const { payoutAccountId, onMaturity, renewalProduct, renewalTerm } = instruction;
  const { createdBy: __, ...rest } = shown;
  return {
    ...rest,
    id: depositIdText(accountId),
    accountId: toTypeId('account', accountId),
    customerId: toTypeId('customer', customerId),
    principal: formatAmount(principalMinor, deposit.currency),
    rate: formatRatePpm(ratePpm),
    instalments: orNull(plan, (one) => instalmentsView(one, deposit)),
    noticeDueOn: deposit.noticeDueOn ?? null,
    payoutAccountId: toTypeId('account', payoutAccountId),
    onMaturity,
    renewalProduct: renewalProduct ?? null,
    renewalTerm: renewalTerm ?? null,
    waitsFor: deposit.waitsFor ?? null,
    endedOn: deposit.endedOn ?? null,
    renewsId: orNull(deposit.renewsId, depositIdText),
    renewedAsId: orNull(deposit.renewedAsId, depositIdText),
    ...labelsView(labels),
    createdAt: deposit.createdAt.toISOString(),
    updatedAt: deposit.updatedAt.toISOString(),
  };
}

const closureFields = {
  closedOn: date('The day of closing: the day before is the last that earns.'),
  rate: text('The rate that is left for the days it was held, in percent a year.', '2.25'),
  interest: signedAmount('Interest of these days at that rate, less what is forfeited.'),
  forfeited: signedAmount('Interest that is forfeited.'),
  penalty: signedAmount('Days of interest that are lost.'),
  posted: signedAmount('Interest that was posted before.'),
  recovered: signedAmount('What comes out of the principal.'),
  settled: signedAmount('What is posted to settle it: below zero, interest that is taken back.'),
  taxes: list('The tax on that, by its parts; below zero, tax that is given back.', TaxSchema),
  payout: signedAmount('What is paid out; of a customer who died, what stays for the estate.'),
};

export const DepositClosureSchema = resource(
  'DepositClosure',
  'What closing a deposit early pays, and why.',
  {
    depositId: id('deposit', 'The deposit.'),
    currency: currency('The currency of the amounts.'),
    status: Status,
    ...closureFields,
  },
);
const QuotedClosureSchema = resource(
  'QuotedDepositClosure',
  'What closing it early would pay.',
  closureFields,
);

type ShownClosure = Omit<ClosurePreview, 'deposit' | 'isExempt'>;

function closureFieldsView(
  closure: ShownClosure,
  code: StoredDeposit['currency'],
): Static<typeof QuotedClosureSchema> {
  const shown = (minor: bigint): string => formatAmount(minor, code);
  return {
    closedOn: closure.closedOn,
    rate: formatRatePpm(closure.ratePpm),
    interest: shown(closure.interestMinor),
    forfeited: shown(closure.forfeitedMinor),
    penalty: shown(closure.penaltyMinor),
    posted: shown(closure.postedMinor),
    recovered: shown(closure.recoveredMinor),
    settled: shown(closure.settled.creditMinor),
    taxes: closure.settled.tax.map(({ name, amountMinor }) => ({ name, amount: shown(amountMinor) })),
    payout: shown(closure.paidMinor),
  };
}

export function closureView(closure: ClosurePreview): Static<typeof DepositClosureSchema> {
  const { id: depositId, currency: code, status } = closure.deposit;
  return {
    depositId: depositIdText(depositId),
    currency: code,
    status,
    ...closureFieldsView(closure, code),
  };
}

export const DepositEventSchema = resource('TimeDepositEvent', 'Something that happened to a deposit.', {
  number: whole('1, 2, 3 … of the deposit.', 1),
  kind: choice('TimeDepositEventKind', 'What happened.', DEPOSIT_EVENT_KINDS),
  on: date('The business date.'),
  amount: nullable(signedAmount('How much was moved; null for nothing.')),
  transactionId: nullable(id('transaction', 'The transaction that moved it.')),
  code: nullable(text('Why money waits, an instalment was missed, or it was not renewed.', 'account_frozen')),
  instalment: nullable(whole('The number of the instalment that was paid or missed.', 2)),
  renewedAsId: nullable(id('deposit', 'Of a renewal: the deposit that goes on.')),
  reason: nullable(text('Why it was closed early, for staff; null for customers.', 'Buys a house')),
  customerReason: nullable(text('What the customer reads about it.', 'At your request')),
  actor: text('Who did it.', 'deposits'),
  at: instant('When.'),
});

export function depositEventView(
  { number, kind, on, amountMinor, entryId, details, actor, createdAt }: StoredDepositEvent,
  code: StoredDeposit['currency'],
): Static<typeof DepositEventSchema> {
  return {
    number,
    kind,
    on,
    amount: orNull(amountMinor, (minor) => formatAmount(minor, code)),
    transactionId: orNull(entryId, (entry) => toTypeId('transaction', entry)),
    code: details.code ?? null,
    instalment: details.instalment ?? null,
    renewedAsId: orNull(details.renewedAsId, depositIdText),
    reason: details.reason ?? null,
    customerReason: details.customerReason ?? null,
    actor,
    at: createdAt.toISOString(),
  };
}

const renewalProduct = givenText(
  'The product that it is renewed into; its own if not given.',
  'fixed_term',
  50,
);

export const OpenDepositRequest = requestObject(
  'OpenTimeDepositRequest',
  'A deposit, and where its money comes from.',
  {
    customerId: id('customer', 'Whose it is.'),
    product: givenText('The code of a product of deposits.', 'fixed_term', 50),
    amount: amount('How much is held; of a recurring deposit, one instalment.'),
    currency: currency('The currency of the product, and of the accounts.'),
    term: TermSchema,
    frequency: Type.Optional(
      described(InstalmentFrequency, 'Of a recurring deposit, and of no other: how often it is paid into.'),
    ),
    fromAccountId: id('account', 'The account of the customer that pays it, and its instalments.'),
    payoutAccountId: Type.Optional(
      id(
        'account',
        'The account of the customer that gets interest and principal; that which pays if not given.',
      ),
    ),
    onMaturity: Type.Optional(OnMaturity),
    renewalProduct: Type.Optional(renewalProduct),
    renewalTerm: Type.Optional(TermSchema),
    ...givenLabels(EXTERNAL_ID),
  },
);

export const ChangeDepositRequest = requestObject(
  'ChangeTimeDepositRequest',
  'What is to happen at the maturity. What is not given stays; null is not said any more.',
  {
    payoutAccountId: Type.Optional(id('account', 'Where interest and principal are paid from now on.')),
    collectFromAccountId: Type.Optional(
      id('account', 'The account of the customer that instalments are collected from, from now on.'),
    ),
    onMaturity: Type.Optional(OnMaturity),
    renewalProduct: Type.Optional(nullable(renewalProduct)),
    renewalTerm: Type.Optional(nullable(TermSchema)),
  },
  { minProperties: 1 },
);

export const CloseDepositRequest = requestObject(
  'CloseTimeDepositRequest',
  'Closes a deposit before its maturity.',
  {
    reason: Type.Optional(givenText('The reason, for staff: no customer reads it.', 'Buys a house')),
    customerReason,
  },
);

export const QuoteDepositRequest = requestObject('QuoteTimeDepositRequest', 'A deposit that may be made.', {
  product: givenText('The code of a product of deposits.', 'fixed_term', 50),
  amount: amount('How much would be held; of a recurring deposit, one instalment.'),
  currency: currency('The currency of the product.'),
  term: TermSchema,
  frequency: Type.Optional(
    described(InstalmentFrequency, 'Of a recurring deposit, and of no other: how often it is paid into.'),
  ),
  openedOn: Type.Optional(date('From when on; today if not given.')),
  closedOn: Type.Optional(date('A day before the maturity, to see what closing on it would pay.')),
});

const QuotedInterest = resource('QuotedTimeDepositInterest', 'Interest that would be posted.', {
  from: date('The first day of its period.'),
  to: date('The last day.'),
  interest: signedAmount('The interest.'),
  tax: signedAmount('The tax that is withheld.'),
  net: signedAmount('What is paid out, or stays on the deposit.'),
});

export const DepositQuoteSchema = resource(
  'DepositQuote',
  'What a deposit would come to, by the terms that are in force.',
  {
    product: text('The code of the product.', 'fixed_term'),
    currency: currency('The currency of the amounts.'),
    principal: signedAmount('What is paid in, with all instalments.'),
    term: text('The term.', '12 months'),
    rate: text('Percent a year, by the chart.', '3.25'),
    openedOn: date('The first day that earns.'),
    maturesOn: date('The day on which it is paid out.'),
    noticeDueOn: nullable(date('When the bank tells the customer of the maturity; null for no notice.')),
    paysInterestOut: flag('Whether interest is paid out when it is posted.'),
    instalments: list('The instalments of a recurring deposit.', QuotedInstalmentSchema),
    postings: list('The interest, by date.', QuotedInterest),
    interest: signedAmount('All of it.'),
    exactInterest: text('All of it before it is rounded.', '325.00'),
    tax: signedAmount('The tax that is withheld.'),
    payout: signedAmount('What is paid out at the maturity.'),
    closure: nullable(QuotedClosureSchema),
  },
);

export function depositQuoteView(quote: DepositQuote): Static<typeof DepositQuoteSchema> {
  const { currency: code } = quote;
  const shown = (minor: bigint): string => formatAmount(minor, code);
  return {
    product: quote.product,
    currency: code,
    principal: shown(quote.principalMinor),
    term: describeTerm(quote.term),
    rate: formatRatePpm(quote.ratePpm),
    openedOn: quote.openedOn,
    maturesOn: quote.maturesOn,
    noticeDueOn: quote.noticeDueOn ?? null,
    paysInterestOut: quote.paysInterestOut,
    instalments: quote.instalments.map((one, index) => quotedInstalmentView(one, index + 1, code)),
    postings: quote.postings.map(({ from, on, creditMinor, taxMinor, netMinor }) => ({
      from,
      to: on,
      interest: shown(creditMinor),
      tax: shown(taxMinor),
      net: shown(netMinor),
    })),
    interest: shown(quote.interestMinor),
    exactInterest: quote.exactInterest,
    tax: shown(quote.taxMinor),
    payout: shown(quote.payoutMinor),
    closure: optional(quote.closure, (closure) => closureFieldsView(closure, code)) ?? null,
  };
}

export const DepositParams = idParams('deposit');

export const ListDepositsQuery = pageQuery({
  customerId: Type.Optional(id('customer', 'Those on accounts that this customer holds.')),
  accountId: Type.Optional(
    id('account', 'That of this account, and those that are paid out to it or collect from it.'),
  ),
  product: Type.Optional(text('Those on this product.', 'fixed_term', { maxLength: 50 })),
  externalId: externalIdFilter(EXTERNAL_ID),
  metadata: metadataFilter,
  status: Type.Optional(Status),
  maturesBefore: Type.Optional(date('Running ones that mature before this date.')),
  noticeDueBy: Type.Optional(date('Running ones whose customers are to be told by this date.')),
});
