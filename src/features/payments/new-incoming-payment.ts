import type { AccountId, IncomingPaymentId, TransactionId } from '#lib/ids.ts';
import { type Labels, labelValues } from '#lib/labels.ts';
import type { Money } from '#lib/money/money.ts';
import { hashRequest } from '#lib/request-hash.ts';
import type { IsoDate } from '#lib/time/dates.ts';
import { IncomingPayment, type IncomingProblem } from './incoming-payment.ts';
import type { BookedTexts } from './received.ts';

/** A payment as it is booked. */
export type Booking = Money & Labels & BookedTexts & { readonly valueDate?: IsoDate | undefined };

/** The hash under which a payment is recognised when it comes again. */
export function hashReceive(request: Booking): Buffer {
  const { externalReference, iban, amountMinor, currency, debtorName, debtorIban, reference, valueDate } =
    request;
  const values = [
    externalReference,
    iban ?? request.creditorAccount,
    amountMinor,
    currency,
    debtorName,
    debtorIban ?? request.debtorAccount,
    reference,
    valueDate,
    ...labelValues(request),
  ];
  return hashRequest('receivePayment', values);
}

/** A payment that came: credited, or in suspense where something kept it from its account. */
export function newPayment(
  request: Booking,
  booked: {
    readonly id: IncomingPaymentId;
    readonly requestHash: Buffer;
    readonly entryId: TransactionId;
    readonly problem: IncomingProblem | undefined;
    readonly accountId: AccountId | undefined;
    readonly valueDate: IsoDate;
    readonly nowMs: number;
  },
): IncomingPayment {
  const { externalReference, iban, currency, amountMinor, debtorName, debtorIban, reference } = request;
  const { creditorAccount, debtorAccount, asReceived, externalId, metadata } = request;
  const { nowMs, ...rest } = booked;
  return new IncomingPayment({
    ...rest,
    externalReference,
    returnedPaymentId: undefined,
    iban,
    currency,
    amountMinor,
    creditorAccount,
    debtorName,
    debtorIban,
    debtorAccount,
    asReceived,
    reference,
    externalId,
    metadata,
    status: rest.problem === undefined ? 'credited' : 'unresolved',
    reason: undefined,
    customerReason: undefined,
    reasonCode: undefined,
    returnedOn: undefined,
    endingEntryId: undefined,
    returnEntryId: undefined,
    isClaim: false,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  });
}
