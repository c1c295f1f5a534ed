import { type Static, Type } from 'typebox';
import { choice, currency, givenText, id, instant, list, signedAmount, text, whole } from '#http/fields.ts';
import type { InvalidItem } from '#http/judged-items.ts';
import { idParams } from '#http/operations.ts';
import { FieldErrorSchema, requestObject, resource } from '#http/schemas.ts';
import { shownFields } from '#http/shown-fields.ts';
import { parseTypeId, type TransactionId, toTypeId } from '#lib/ids.ts';
import { isObject } from '#lib/json-object.ts';
import { formatAmount } from '#lib/money/money.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import type { BulkResult } from './bulk-service.ts';
import { OUTGOING_STATUSES } from './outgoing-payment.ts';
import { ReturnPaymentRequest } from './schemas.ts';
import { MAX_PAYMENTS_AT_ONCE, type Submission } from './submission.ts';

const MESSAGE = 'out-2026-01-31-1.xml';
const MANY = { minItems: 1, maxItems: MAX_PAYMENTS_AT_ONCE };

export const SubmitPaymentsRequest = requestObject(
  'SubmitPaymentsRequest',
  'Payments to claim: those in `ids`, all or none; without, those that wait, the oldest first.',
  {
    message: givenText('The file or message in which they are sent; each name is used once.', MESSAGE, 140),
    ids: Type.Optional(list('The payments.', id('transaction', 'A payment.'), MANY)),
    currency: Type.Optional(currency('Only those in this currency; not with `ids`.')),
    limit: Type.Optional(
      whole('How many at most; not with `ids`.', 100, { minimum: 1, maximum: MAX_PAYMENTS_AT_ONCE }),
    ),
  },
);

const SubmissionTotal = resource('SubmissionTotal', 'How much is sent in a currency.', {
  currency: currency('The currency.'),
  amount: signedAmount('The sum.'),
  count: whole('How many payments.', 3),
});

export const SubmissionSchema = resource('Submission', 'Payments that were claimed together, to be sent.', {
  id: id('submission', 'The id.'),
  message: text('The file or message in which they are sent.', MESSAGE),
  submittedBy: text('Who claimed them: the id of a user or an API key, or the name of a program.', 'cli'),
  totals: list('How much is sent, by currency.', SubmissionTotal),
  paymentIds: list('The payments.', id('transaction', 'A payment.')),
  createdAt: instant('When they were claimed.'),
});
export type SubmissionView = Static<typeof SubmissionSchema>;

export function submissionView(submission: Submission): SubmissionView {
  return {
    id: toTypeId('submission', submission.id),
    message: submission.message,
    submittedBy: submission.actor,
    totals: submission.totals.map(({ currency: code, amountMinor, count }) => ({
      currency: code,
      amount: formatAmount(amountMinor, code),
      count,
    })),
    paymentIds: submission.paymentIds.map((payment) => toTypeId('transaction', payment)),
    createdAt: toIsoInstant(submission.createdAtMs),
  };
}

export const SubmissionParams = idParams('submission');

export const SettlePaymentsRequest = requestObject(
  'SettlePaymentsRequest',
  'Payments that the other bank has: give one of ids and submissionId.',
  {
    submissionId: Type.Optional(id('submission', 'All of this submission.')),
    ids: Type.Optional(list('These.', id('transaction', 'A payment.'), MANY)),
  },
);

export const ReturnPaymentsRequest = requestObject('ReturnPaymentsRequest', 'Payments that came back.', {
  items: list(
    'The payments, each with its reason.',
    requestObject('ReturnedPayment', 'A payment that came back.', {
      id: id('transaction', 'The payment.'),
      ...ReturnPaymentRequest.properties,
    }),
    MANY,
  ),
});

const BulkResultSchema = resource('OutgoingPaymentResult', 'The outcome of a payment.', {
  id: text('The payment, as the request names it.', 'txn_01h455vb4pex5vsknk084sn02q'),
  status: choice('OutgoingPaymentResultStatus', 'Its status now; `refused` where nothing was done.', [
    ...OUTGOING_STATUSES,
    'refused',
  ]),
  code: Type.Optional(text('The code of the problem of a refused one.', 'payment_not_pending')),
  errors: Type.Optional(list('What is wrong in its item.', FieldErrorSchema)),
});

export const BulkResultsSchema = resource('OutgoingPaymentResults', 'The outcome of many payments.', {
  results: list('The result of each, in their order.', BulkResultSchema),
});

type BulkResultView = Static<typeof BulkResultSchema>;

/** An item of a request: the payment, or the reason why it was refused. */
export type AskedPayment = { readonly id: TransactionId } | { readonly refused: BulkResultView };

/** The payment of a text; any other is refused like the id of nothing. */
export function askedPayment(text: string): AskedPayment {
  const payment = parseTypeId('transaction', text);
  return payment === undefined
    ? { refused: { id: text, status: 'refused', code: 'not_found' } }
    : { id: payment };
}

/** The refusal of an item, which may have the id of a payment. */
export function refusedItem({ refusal, given }: InvalidItem): { readonly refused: BulkResultView } {
  const text = isObject(given) && typeof given.id === 'string' ? given.id : '';
  const errors = shownFields(refusal.fields, undefined);
  return { refused: { id: text, status: 'refused', code: refusal.code, errors } };
}

export function paymentIdsOf(asked: readonly AskedPayment[]): TransactionId[] {
  return asked.flatMap((one) => ('id' in one ? one.id : []));
}

function bulkResultView(result: BulkResult): BulkResultView {
  const id = toTypeId('transaction', result.id);
  if (result.status !== 'refused') return { id, status: result.status };
  const { status, code, fields } = result;
  return { id, status, code, ...(fields.length === 0 ? {} : { errors: shownFields(fields, undefined) }) };
}

/** The results in the order in which they were asked for, each payment once. */
export function bulkResultsView(
  results: readonly BulkResult[],
  asked: readonly AskedPayment[] = results,
): Static<typeof BulkResultsSchema> {
  const open = new Map(results.map((result) => [result.id, result]));
  const views = asked.flatMap((one): BulkResultView[] => {
    if ('refused' in one) return [one.refused];
    const result = open.get(one.id);
    open.delete(one.id);
    return result === undefined ? [] : [bulkResultView(result)];
  });
  return { results: views };
}
