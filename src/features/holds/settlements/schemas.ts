import { type Static, Type } from 'typebox';
import {
  choice,
  currency,
  date,
  externalIdFilter,
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
import { closedObject, nullable, requestObject, resource } from '#http/schemas.ts';
import { toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import { orNull } from '#lib/text.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import {
  type CaptureItem,
  type CaptureSettlement,
  MAX_SETTLED_AT_ONCE,
  type UnsettledSum,
} from './settlement.ts';

const REFERENCE = 'acquirer-2026-01-31.csv';

export const SettleCapturesRequest = requestObject(
  'SettleCapturesRequest',
  'Which captures to settle with the acquirer: at most 10,000, the oldest first.',
  {
    currency: currency('The currency of the captures.'),
    through: Type.Optional(date('Those booked up to this business date; all if not given.')),
    transactionIds: Type.Optional(
      list(
        'Those of these transactions; all if not given.',
        id('transaction', 'A capture, or what took one back.'),
        {
          minItems: 1,
          maxItems: MAX_SETTLED_AT_ONCE,
        },
      ),
    ),
    reference: Type.Optional(givenText('The acquirer’s file or message.', REFERENCE, 140)),
    ...givenLabels('set-4711'),
  },
);

const Item = resource('SettlementItem', 'A capture, or what took one back.', {
  transactionId: id('transaction', 'The transaction.'),
  kind: choice('SettlementItemKind', 'A reversal took a capture, or a part of it, back.', [
    'capture',
    'reversal',
  ]),
  amount: signedAmount('How much is owed to the acquirer for it; below zero for a reversal.'),
  currency: currency('The currency of the amount.'),
  businessDate: date('When it was booked.'),
  reverses: nullable(id('transaction', 'The capture that a reversal took back.')),
  holdId: nullable(id('hold', 'The hold; null once its customer is gone.')),
  accountId: nullable(id('account', 'The account of the hold; null once its customer is gone.')),
  reference: nullable(text('The reference of the hold.', 'Hotel, room 12')),
});

export const CaptureSettlementSchema = resource(
  'CaptureSettlement',
  'Captures that were settled with the acquirer together.',
  {
    id: id('captureSettlement', 'The id.'),
    currency: currency('The currency of the amount.'),
    amount: signedAmount('What the acquirer was paid; below zero where the acquirer pays.'),
    itemCount: whole('How many captures and reversals it settled.', 128),
    reference: nullable(text('The acquirer’s file or message.', REFERENCE)),
    ...shownLabels('set-4711'),
    transactionId: nullable(id('transaction', 'The entry that moved the amount; null where it is zero.')),
    businessDate: date('The business date on which they were settled.'),
    settledBy: text('Who settled them: the id of a user or an API key, or the name of a program.', 'cli'),
    createdAt: instant('When.'),
  },
);
export type SettlementView = Static<typeof CaptureSettlementSchema>;

export const SettlementWithItemsSchema = resource(
  'CaptureSettlementWithItems',
  'A settlement, and what it settled.',
  {
    settlement: CaptureSettlementSchema,
    items: list('What was settled, the oldest first.', Item),
  },
);

export const UnsettledCapturesSchema = resource('UnsettledCaptures', 'What is not settled, page by page.', {
  data: list('The captures and reversals, the oldest first.', Item),
  nextCursor: nullable(text('The cursor of the next page; null on the last.', 'WyIwMTlmIl0')),
  sum: resource('UnsettledSum', 'All of them, whichever page this is.', {
    currency: currency('The currency of the amount.'),
    amount: signedAmount('What is owed to the acquirer; below zero where the acquirer owes.'),
    count: whole('How many there are.', 128),
    since: nullable(date('The business date of the oldest capture; null if nothing is unsettled.')),
  }),
});

export const ListSettlementsQuery = pageQuery({
  currency: Type.Optional(currency('Those in this currency.')),
  externalId: externalIdFilter('set-4711'),
  metadata: metadataFilter,
});
export const UnsettledQuery = pageQuery({ currency: currency('Those in this currency.') });
export const SettlementQuery = closedObject({
  format: Type.Optional(
    choice('SettlementFormat', 'JSON, or CSV as a file for the acquirer; JSON if not given.', [
      'json',
      'csv',
    ]),
  ),
});
export const SettlementParams = idParams('captureSettlement');

export function settlementView(settlement: CaptureSettlement): SettlementView {
  const { currency: of } = settlement;
  return {
    id: toTypeId('captureSettlement', settlement.id),
    currency: of,
    amount: formatAmount(settlement.amountMinor, of),
    itemCount: settlement.itemCount,
    reference: settlement.reference ?? null,
    ...labelsView(settlement),
    transactionId: orNull(settlement.entryId, (entry) => toTypeId('transaction', entry)),
    businessDate: settlement.settledOn,
    settledBy: settlement.settledBy,
    createdAt: toIsoInstant(settlement.createdAtMs),
  };
}

export function itemView(item: CaptureItem): Static<typeof Item> {
  return {
    transactionId: toTypeId('transaction', item.transactionId),
    kind: item.reverses === undefined ? 'capture' : 'reversal',
    amount: formatAmount(item.amountMinor, item.currency),
    currency: item.currency,
    businessDate: item.businessDate,
    reverses: orNull(item.reverses, (capture) => toTypeId('transaction', capture)),
    holdId: orNull(item.holdId, (hold) => toTypeId('hold', hold)),
    accountId: orNull(item.accountId, (account) => toTypeId('account', account)),
    reference: item.reference ?? null,
  };
}

export function sumView({ currency: of, amountMinor, count, since }: UnsettledSum) {
  return { currency: of, amount: formatAmount(amountMinor, of), count, since: since ?? null };
}
