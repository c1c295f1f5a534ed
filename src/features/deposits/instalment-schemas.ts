import type { Static } from 'typebox';
import { choice, date, id, signedAmount, text, whole } from '#http/fields.ts';
import { nullable, requestObject, resource } from '#http/schemas.ts';
import { toTypeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import { orNull } from '#lib/text.ts';
import { FREQUENCIES } from '#lib/time/recurrence.ts';
import type { InstalmentOfDeposit } from './instalment-service.ts';
import { INSTALMENT_STATUSES } from './instalments.ts';
import type { StoredDeposit } from './repository.ts';
import type { InstalmentPlan } from './state.ts';

export const InstalmentFrequency = choice(
  'InstalmentFrequency',
  'How often a recurring deposit is paid into, from its first day on. The end of a month stays one.',
  FREQUENCIES,
);

/** The instalments of a deposit, as a field of it. */
export const InstalmentsSchema = resource(
  'DepositInstalments',
  'The instalments of a recurring deposit, and how far they are.',
  {
    amount: signedAmount('What each instalment is.'),
    frequency: InstalmentFrequency,
    count: whole('How many there are, with those that take the place of missed ones.', 24),
    missed: whole('How many were missed, whether they were paid later or not.', 0),
    nextDueOn: nullable(date('When the next one falls due, or fell due; null once none is left.')),
    collectFromAccountId: id('account', 'The account that they are collected from.'),
  },
);

export function instalmentsView(
  { amountMinor, frequency, count, missed, nextDueOn }: InstalmentPlan,
  { currency, collectedFromId }: Pick<StoredDeposit, 'currency' | 'collectedFromId'>,
): Static<typeof InstalmentsSchema> | null {
  if (collectedFromId === undefined) return null;
  return {
    amount: formatAmount(amountMinor, currency),
    frequency,
    count,
    missed,
    nextDueOn: nextDueOn ?? null,
    collectFromAccountId: toTypeId('account', collectedFromId),
  };
}

export const InstalmentSchema = resource('DepositInstalment', 'An instalment of a recurring deposit.', {
  number: whole('1, 2, 3 … of the deposit.', 1),
  dueOn: date('When it falls due: it is collected at the end of this day.'),
  amount: signedAmount('How much it is.'),
  status: choice(
    'DepositInstalmentStatus',
    '`due`: it fell due and is still collected. `late`: it was paid after its day. `missed`: it was not paid in time, and is not collected any more.',
    INSTALMENT_STATUSES,
  ),
  paidOn: nullable(date('When it was paid.')),
  transactionId: nullable(id('transaction', 'The transaction that paid it.')),
  code: nullable(text('Why it was missed, whether it was paid later or not.', 'insufficient_funds')),
  fee: nullable(signedAmount('What it cost that it was missed; null for nothing.')),
});
export type InstalmentView = Static<typeof InstalmentSchema>;

export function instalmentView({ deposit, instalment }: InstalmentOfDeposit): InstalmentView {
  const { number, dueOn, amountMinor, status, paidOn, entryId, code, feeMinor } = instalment;
  const shown = (minor: bigint): string => formatAmount(minor, deposit.currency);
  return {
    number,
    dueOn,
    amount: shown(amountMinor),
    status,
    paidOn: paidOn ?? null,
    transactionId: orNull(entryId, (entry) => toTypeId('transaction', entry)),
    code: code ?? null,
    fee: orNull(feeMinor, shown),
  };
}

export const PayInstalmentRequest = requestObject(
  'PayDepositInstalmentRequest',
  'Pays the oldest instalment that is owed.',
  {
    fromAccountId: id('account', 'The account of the customer that pays.'),
  },
);

/** An instalment of a quote. */
export const QuotedInstalmentSchema = resource(
  'QuotedDepositInstalment',
  'An instalment that would fall due.',
  {
    number: whole('1, 2, 3 … of the deposit.', 1),
    dueOn: date('When it would fall due.'),
    amount: signedAmount('How much it would be.'),
  },
);

export function quotedInstalmentView(
  { on, amountMinor }: { readonly on: string; readonly amountMinor: bigint },
  number: number,
  currency: Currency,
): Static<typeof QuotedInstalmentSchema> {
  return { number, dueOn: on, amount: formatAmount(amountMinor, currency) };
}
