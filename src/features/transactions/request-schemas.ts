import { Type } from 'typebox';
import {
  amount,
  choice,
  currency,
  date,
  givenIban,
  givenLabels,
  givenName,
  givenText,
  id,
  LENGTHS,
} from '#http/fields.ts';
import { PayeeAccountRequest } from '#http/payee-account.ts';
import { described } from '#http/schemas.ts';
import { PAYMENT_MODES } from './transaction.ts';

/** The fields of requests that move money. */

export const PaymentMode = choice('PaymentMode', 'How a customer pays in or out.', PAYMENT_MODES);

export const IBAN = 'DE88100100101000000001';
export const REFERENCE = 'INV-2026-0042';
export const DESCRIPTION = 'Dinner on Friday';
export const EXTERNAL_ID = 'shop-order-4711';

export const toIban = givenIban('An IBAN of this bank or another.', IBAN);
export const toName = givenName(
  'The payee’s name, unless it is a beneficiary; required for a payment that leaves the bank.',
  'Stadtwerke Berlin',
  LENGTHS.payment,
);
export const toAccount = described(
  PayeeAccountRequest,
  'The payee’s account at this bank or another: an IBAN, or a number with a bank code.',
);
export const valueDate = date('From when it counts for interest; the business date if not given.');
export const toAccountId = id('account', 'The payee’s account of this bank.');
export const beneficiaryId = id(
  'beneficiary',
  'The payee, a beneficiary of a holder of the account that pays.',
);
export const fromAccountId = id('account', 'The account that pays.');

export const money = {
  amount: amount('How much, above zero.'),
  currency: currency('The currency of the amount, that of the account.'),
  reference: Type.Optional(givenText('For the payee’s or your own bookkeeping.', REFERENCE, LENGTHS.payment)),
  description: Type.Optional(givenText('Shown on statements.', DESCRIPTION)),
  ...givenLabels(EXTERNAL_ID),
};
