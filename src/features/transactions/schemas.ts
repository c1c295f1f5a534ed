import { type Static, Type } from 'typebox';
import { amountRange } from '#http/amount-filters.ts';
import {
  amount,
  choice,
  currency,
  date,
  externalIdFilter,
  givenIban,
  givenLabels,
  id,
  instant,
  labelsView,
  list,
  metadataFilter,
  overdrawReason,
  reasons,
  shownLabels,
  signedAmount,
  text,
  whole,
} from '#http/fields.ts';
import { idParams } from '#http/operations.ts';
import { pageQuery } from '#http/pagination.ts';
import { described, FieldErrorSchema, nullable, requestObject, resource } from '#http/schemas.ts';
import { parseIban } from '#lib/iban.ts';
import { toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import { BANK_CODE_SCHEMES } from '#lib/payee-account.ts';
import { optional, orNull } from '#lib/text.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import { MAX_BATCH_ITEMS } from './batch.ts';
import type { AccountLine } from './lines.ts';
import {
  beneficiaryId,
  DESCRIPTION,
  EXTERNAL_ID,
  fromAccountId,
  IBAN,
  money,
  PaymentMode,
  REFERENCE,
  toAccount,
  toAccountId,
  toIban,
  toName,
  valueDate,
} from './request-schemas.ts';
import {
  LINE_TYPES,
  SETTLEMENT_STATUSES,
  type SeenTransaction,
  type Settlement,
  statusOf,
  TRANSACTION_MODES,
  TRANSACTION_STATUSES,
  TRANSACTION_TYPES,
  type Transaction,
} from './transaction.ts';

const TransactionType = choice('TransactionType', 'What kind of transaction it is.', TRANSACTION_TYPES);
const LineType = choice(
  'LineType',
  'What kind of transaction it is. What a payment cost stands on lines of its own: `fee`, and `fee_tax` for the tax on it.',
  LINE_TYPES,
);
const TransactionMode = choice(
  'TransactionMode',
  'How the money came or went. `clearing`: through other banks. `internal`: by the bank itself.',
  TRANSACTION_MODES,
);
const Status = choice('TransactionStatus', 'A reversed one was taken back, all of it.', TRANSACTION_STATUSES);
const SettlementStatus = choice(
  'SettlementStatus',
  'The outcome of a payment that left the bank.',
  SETTLEMENT_STATUSES,
);

export const CashRequest = requestObject('CashRequest', 'Money to pay in or out.', {
  accountId: id('account', 'The account.'),
  mode: PaymentMode,
  ...money,
  valueDate: Type.Optional(valueDate),
});

export const TransferRequest = requestObject(
  'TransferRequest',
  'Money to move. Give one of toAccountId, toIban, toAccount and beneficiaryId.',
  {
    fromAccountId,
    toAccountId: Type.Optional(toAccountId),
    toIban: Type.Optional(toIban),
    toAccount: Type.Optional(toAccount),
    toName: Type.Optional(toName),
    beneficiaryId: Type.Optional(beneficiaryId),
    ...money,
  },
);

const BatchItem = requestObject(
  'BatchItem',
  'A movement: the fields are those of a deposit, a withdrawal or a transfer.',
  {
    type: choice('BatchItemType', 'Which of the three it is.', ['deposit', 'withdrawal', 'transfer']),
    accountId: Type.Optional(id('account', 'The account: not of a transfer.')),
    mode: Type.Optional(PaymentMode),
    fromAccountId: Type.Optional(fromAccountId),
    toAccountId: Type.Optional(toAccountId),
    toIban: Type.Optional(toIban),
    toAccount: Type.Optional(toAccount),
    toName: Type.Optional(toName),
    beneficiaryId: Type.Optional(beneficiaryId),
    ...money,
    valueDate: Type.Optional(valueDate),
  },
);

const BatchMode = choice('BatchMode', '`atomic`: all or none. `independent`: each for itself.', [
  'atomic',
  'independent',
]);

export const PostBatchRequest = requestObject('PostBatchRequest', 'Movements to post together.', {
  mode: BatchMode,
  items: list('The movements, posted in this order.', BatchItem, {
    minItems: 1,
    maxItems: MAX_BATCH_ITEMS,
  }),
});

const BatchResult = resource('BatchResult', 'The outcome of an item.', {
  status: choice('BatchResultStatus', 'Whether money moved.', ['posted', 'refused']),
  transactionId: Type.Optional(id('transaction', 'The transaction of a posted item.')),
  code: Type.Optional(text('The code of the problem of a refused item.', 'insufficient_funds')),
  errors: Type.Optional(list('What is wrong in the item.', FieldErrorSchema)),
});

export const BatchSchema = resource('Batch', 'The outcome of a batch.', {
  id: id('batch', 'The id.'),
  mode: BatchMode,
  results: list('The result of each item, in their order.', BatchResult),
});

export const ReverseTransactionRequest = requestObject(
  'ReverseTransactionRequest',
  'Why a transaction is taken back, and how much of it.',
  {
    amount: Type.Optional(amount('How much of it; everything that is left if not given.')),
    ...reasons('Keyed in twice at counter 3'),
    overdrawReason: Type.Optional(overdrawReason),
    valueDate: Type.Optional(
      date('From which day on the money counts as taken back, not before its own; today if not given.'),
    ),
    ...givenLabels(EXTERNAL_ID),
  },
);

const Counterparty = resource(
  'Counterparty',
  'The other side under the name that the payer used; without one, the name of the account’s holder for staff and for that holder. On the payee’s line, who paid. What the bank adds of an account here (holder, IBAN, number) is there when it is read. The answer that posts it does not wait for it, and has what the payer said.',
  {
    name: nullable(text('The name.', 'Stadtwerke Berlin')),
    bank: nullable(text('The bank’s code.', 'COBADEFFXXX')),
    bankCodeType: nullable(
      choice(
        'BankCodeType',
        'What the bank’s code is: a routing number, a sort code or a BIC.',
        BANK_CODE_SCHEMES,
      ),
    ),
    iban: nullable(text('Its IBAN.', IBAN)),
    account: nullable(text('Its account number, where that is no IBAN.', '87144583')),
  },
);

const SettlementSchema = resource('Settlement', 'The outcome of a payment that left the bank.', {
  status: SettlementStatus,
  reason: nullable(text('Why it was returned, for staff; null for customers.', 'AC04')),
  customerReason: nullable(text('What the customer reads about it.', 'The payee’s account is closed')),
  updatedAt: instant('Since when it has this status.'),
});

const texts = {
  description: nullable(text('The text that statements show.', DESCRIPTION)),
  reference: nullable(text('For the payee’s or your own bookkeeping.', REFERENCE)),
  purpose: nullable(text('The kind of payment, as an imported system calls it.', 'household')),
  reason: nullable(
    text(
      'Why staff took it back or paid it out, or another bank returned it, for staff; null for customers.',
      'Keyed in twice',
    ),
  ),
  ...shownLabels(EXTERNAL_ID),
};

const dates = {
  businessDate: date('The date on which it was booked.'),
  valueDate: date('From when it counts for interest.'),
  createdAt: instant('When it was posted.'),
};

/** Of a transaction wherever it is seen: by itself, and as a line of an account. */
const links = {
  counterpartyAccountId: nullable(
    id('account', 'The other account of this bank; null if the other side is not one.'),
  ),
  counterparty: nullable(Counterparty),
  payerName: nullable(text('Who paid, where it is not the account of the caller; else null.', 'Ada Byron')),
  ...texts,
  settlement: nullable(SettlementSchema),
  reverses: nullable(id('transaction', 'The transaction that it takes back.')),
  reversedBy: nullable(id('transaction', 'The transaction that took it, or the last part of it, back.')),
  reversedAmount: signedAmount('How much of it was taken back.'),
  ...dates,
  sequence: nullable(
    whole(
      'Its place in the order of commits, which is given after the commit: null in the answer that posts it and a moment longer, and for customers.',
      48_213,
    ),
  ),
};

export const TransactionSchema = resource(
  'Transaction',
  'Money in, out or moved. Amounts are in its currency.',
  {
    id: id('transaction', 'The id.'),
    type: TransactionType,
    mode: TransactionMode,
    status: Status,
    amount: signedAmount('How much was moved, above zero.'),
    currency: currency('The currency of the amounts.'),
    accountId: id('account', 'The account that it is about: of a transfer, the one that paid.'),
    balanceAfter: nullable(
      signedAmount('The balance of `accountId` after it; null for a customer who only holds the other side.'),
    ),
    ...links,
  },
);
export type TransactionView = Static<typeof TransactionSchema>;

export function transactionView(transaction: Transaction): TransactionView {
  const { state, status } = transaction;
  return {
    id: toTypeId('transaction', state.id),
    type: state.type,
    mode: state.mode,
    status,
    amount: formatAmount(state.amountMinor, state.currency),
    currency: state.currency,
    accountId: toTypeId('account', state.accountId),
    balanceAfter: orNull(state.balanceAfterMinor, (minor) => formatAmount(minor, state.currency)),
    ...linksView(state),
  };
}

function linksView(seen: SeenTransaction) {
  return {
    counterpartyAccountId: orNull(seen.counterpartyAccountId, (account) => toTypeId('account', account)),
    counterparty: counterpartyView(seen),
    payerName: seen.payerName ?? null,
    description: seen.description ?? null,
    reference: seen.reference ?? null,
    purpose: seen.purpose ?? null,
    reason: seen.reason ?? null,
    ...labelsView(seen),
    settlement: orNull(seen.settlement, settlementView),
    reverses: orNull(seen.reverses, (other) => toTypeId('transaction', other)),
    reversedBy: orNull(seen.reversedBy, (other) => toTypeId('transaction', other)),
    reversedAmount: formatAmount(seen.reversedMinor, seen.currency),
    businessDate: seen.businessDate,
    valueDate: seen.valueDate,
    createdAt: toIsoInstant(seen.postedAtMs),
    sequence: orNull(seen.sequence, Number),
  };
}

/** The other side as the payer named it; what the payer left out, as the bank knows it. */
function counterpartyView({
  counterparty,
  holder,
  bankCodeScheme,
}: SeenTransaction): Static<typeof Counterparty> | null {
  if (counterparty === undefined && holder === undefined) return null;
  const { name = holder?.name, bank, account } = counterparty ?? {};
  const iban = holder?.iban ?? optional(account, parseIban);
  return {
    name: name ?? null,
    bank: bank ?? null,
    iban: iban ?? null,
    bankCodeType: bankCodeScheme ?? null,
    account: iban === undefined ? (holder?.number ?? account ?? null) : null,
  };
}

function settlementView(settlement: Settlement): Static<typeof SettlementSchema> {
  const { status, reason, customerReason, updatedAtMs } = settlement;
  return {
    status,
    reason: reason ?? null,
    customerReason: customerReason ?? null,
    updatedAt: toIsoInstant(updatedAtMs),
  };
}

export const AccountLineSchema = resource(
  'AccountLine',
  'A transaction as an account sees it: a signed amount, and the balance after it.',
  {
    id: id('transaction', 'The id of the transaction.'),
    type: LineType,
    mode: nullable(TransactionMode),
    status: Status,
    amount: signedAmount('How much came in, or below zero went out.'),
    currency: currency('The currency of the amounts.'),
    accountId: id('account', 'The account.'),
    balanceAfter: signedAmount('The balance after it.'),
    ...links,
  },
);
export type LineView = Static<typeof AccountLineSchema>;

export function lineView(line: AccountLine): LineView {
  const { currency } = line;
  return {
    id: toTypeId('transaction', line.id),
    type: line.type,
    mode: line.mode ?? null,
    status: statusOf(line),
    amount: formatAmount(line.signedMinor, currency),
    currency,
    accountId: toTypeId('account', line.accountId),
    balanceAfter: formatAmount(line.balanceAfterMinor, currency),
    ...linksView(line),
  };
}

const period = {
  from: Type.Optional(date('The first business date.')),
  to: Type.Optional(date('The last business date.')),
};

const counterpartyFilters = {
  counterpartyName: Type.Optional(
    text('Those of which the name of the other side has this in it.', 'stadtwerke', { maxLength: 140 }),
  ),
  counterpartyIban: Type.Optional(givenIban('Those with this IBAN on the other side.', IBAN)),
};

export const ListTransactionsQuery = pageQuery({
  order: Type.Optional(
    choice(
      'TransactionOrder',
      '`sequence`: in the order of commits, the oldest first, without other filters; not for customers. `newest` if not given.',
      ['newest', 'sequence'],
    ),
  ),
  after: Type.Optional(
    whole(
      'With `order=sequence`: those after this `sequence`. What is not listed yet comes later than that.',
      48_212,
      { minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
    ),
  ),
  accountId: Type.Optional(id('account', 'Those that touch the account.')),
  type: Type.Optional(described(TransactionType, 'Those of this type.')),
  status: Type.Optional(described(Status, 'Those of this status.')),
  settlement: Type.Optional(described(SettlementStatus, 'Payments to other banks of this status.')),
  reverses: Type.Optional(id('transaction', 'Those that took this one back.')),
  ...period,
  ...amountRange,
  ...counterpartyFilters,
  reference: Type.Optional(text('Those with this reference.', REFERENCE, { maxLength: 140 })),
  externalId: externalIdFilter(EXTERNAL_ID),
  metadata: metadataFilter,
});

export const ListLinesQuery = pageQuery({
  ...period,
  type: Type.Optional(described(LineType, 'Those of this type.')),
  minAmount: Type.Optional(amount('The least amount, without its sign.')),
  maxAmount: Type.Optional(amount('The greatest amount, without its sign.')),
  ...counterpartyFilters,
});

export const TransactionParams = idParams('transaction');
