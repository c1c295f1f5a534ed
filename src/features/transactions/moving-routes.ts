import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { IdempotencyHeaders, markReplay, requireIdempotencyKey } from '#http/idempotency.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { parseAmount } from '#lib/money/money.ts';
import { TransactionSchema, type TransactionView, type TransferRequest, transactionView } from './schemas.ts';
import type { Answer } from './service.ts';

/** What all calls that move money have in common. */
export const moving = { headers: IdempotencyHeaders, response: { 201: TransactionSchema } };
export const MOVEMENT_PROBLEMS = [
  'answer_erased',
  'external_id_exists',
  'limit_requires_manager',
  'not_found',
  'account_closed',
  'account_frozen',
  'account_under_contract',
  'customer_deceased',
  'balance_overflow',
  'below_opening_deposit',
  'currency_mismatch',
];
export const PAYMENT_PROBLEMS = [
  ...MOVEMENT_PROBLEMS,
  'account_dormant',
  'below_minimum_balance',
  'insufficient_funds',
  'limit_exceeded',
];

type MoneyBody = Pick<
  Static<typeof TransferRequest>,
  'amount' | 'currency' | 'reference' | 'description' | 'externalId' | 'metadata'
>;

/** The money of a request, and under which key it is asked for. Throws 400 `idempotency_key_required`. */
export function moneyOf(request: FastifyRequest, { amount, currency: code, ...texts }: MoneyBody) {
  const idempotencyKey = requireIdempotencyKey(request);
  const currency = requireCurrency(code);
  return {
    ...texts,
    caller: request.caller,
    idempotencyKey,
    currency,
    amountMinor: parseAmount(amount, currency),
  };
}

/** Answers 201 with the transaction. */
export function created(reply: FastifyReply, { transaction, replayed }: Answer): TransactionView {
  markReplay(reply, replayed);
  const view = transactionView(transaction);
  reply.code(201).header('location', `/v1/transactions/${view.id}`);
  return view;
}
