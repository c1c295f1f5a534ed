import type { FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import { operationsOf } from '#http/operations.ts';
import type { HttpServer } from '#http/server.ts';
import { validationFailed } from '#lib/errors.ts';
import { fromTypeId } from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import { type Currency, requireCurrency } from '#lib/money/currencies.ts';
import { parseAmount } from '#lib/money/money.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import { answerAct, PayingHeaders, payingActOf } from './act-routes.ts';
import type { LoanAnswer } from './commands.ts';
import type { MoneySource } from './event.ts';
import type { LoanPaymentService } from './payment-service.ts';
import { PRODUCT_TERMS_PROBLEMS } from './products/problems.ts';
import {
  DisburseLoanRequest,
  LoanReasonRequest,
  RecoverLoanRequest,
  RepayLoanRequest,
} from './request-schemas.ts';
import { LoanAnswerSchema, type LoanAnswerView, LoanParams } from './schemas.ts';

const operation = operationsOf('Loans');

/** What all payments of a loan have in common. */
const paying = { params: LoanParams, headers: PayingHeaders, response: { 201: LoanAnswerSchema } };
export const PAYMENT_PROBLEMS = [
  'limit_requires_manager',
  'account_closed',
  'account_frozen',
  'account_under_contract',
  'customer_deceased',
  'balance_overflow',
  'currency_mismatch',
  'insufficient_funds',
  'loan_not_in_status',
];

/** Money that moves for loans. */
export function registerLoanPaymentRoutes(server: HttpServer, loans: LoanPaymentService): void {
  registerPayments(server, loans);
  registerLosses(server, loans);
}

function registerPayments(server: HttpServer, loans: LoanPaymentService): void {
  server.post(
    '/v1/loans/:id/disburse',
    operation('disburseLoan', 'Pay a loan out to the borrower’s account', {
      ...paying,
      body: DisburseLoanRequest,
      problems: [
        ...PAYMENT_PROBLEMS,
        'external_id_exists',
        ...PRODUCT_TERMS_PROBLEMS,
        'account_not_of_borrower',
        'customer_closed',
        'fees_exceed_amount',
        'disbursement_exceeds_approved',
        'nothing_to_reschedule',
        'own_application',
        'tranches_not_offered',
      ],
    }),
    async (request, reply) => {
      const { feesFrom = 'account', amount, externalId, metadata, ...dates } = request.body;
      const part = { feesFrom, amount, dates, externalId, metadata };
      return answer(reply, await loans.disburse({ ...payingActOf(request), ...part }));
    },
  );

  server.post(
    '/v1/loans/:id/repayments',
    operation('repayLoan', 'Repay a loan, as far as the amount goes', {
      ...paying,
      body: RepayLoanRequest,
      problems: [
        ...PAYMENT_PROBLEMS,
        'correction_blocked',
        'external_id_exists',
        'overpayment_refused',
        'value_date_outside',
        'period_closed',
      ],
    }),
    async (request, reply) => {
      const { strategy: asked } = request.body;
      const strategy = asked === 'lower_instalments' ? 'lower_instalment' : asked;
      const valueDate = optional(request.body.valueDate, isoDate);
      const repayment = { ...payingActOf(request), ...moneyOf(request.body), strategy, valueDate };
      return answer(reply, await loans.repay(repayment));
    },
  );
}

function registerLosses(server: HttpServer, loans: LoanPaymentService): void {
  server.post(
    '/v1/loans/:id/charge-off',
    operation('chargeOffLoan', 'Take what is owed off the books as lost, and go on asking for it', {
      ...paying,
      body: LoanReasonRequest,
      problems: ['loan_not_in_status'],
    }),
    async (request, reply) =>
      answer(reply, await loans.chargeOff({ ...payingActOf(request), ...request.body })),
  );

  server.post(
    '/v1/loans/:id/write-off',
    operation('writeOffLoan', 'Give up what is owed', {
      ...paying,
      body: LoanReasonRequest,
      problems: ['loan_not_in_status'],
    }),
    async (request, reply) =>
      answer(reply, await loans.writeOff({ ...payingActOf(request), ...request.body })),
  );

  server.post(
    '/v1/loans/:id/recoveries',
    operation('recoverLoan', 'Take money for a loan that was lost', {
      ...paying,
      body: RecoverLoanRequest,
      problems: [...PAYMENT_PROBLEMS, 'external_id_exists', 'recovery_exceeds_loss'],
    }),
    async (request, reply) =>
      answer(reply, await loans.recover({ ...payingActOf(request), ...moneyOf(request.body) })),
  );
}

/** Throws 400 `validation_failed` for cash from an account, 404 `not_found` for an unknown account. */
function moneyOf({
  amount,
  currency,
  from,
  accountId,
  externalId,
  metadata,
}: Static<typeof RecoverLoanRequest>): Labels & {
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly source: MoneySource | undefined;
} {
  if (from === 'cash' && accountId !== undefined) {
    throw validationFailed({ path: 'accountId', message: 'does not go with cash' });
  }
  const known = requireCurrency(currency);
  const source = accountId === undefined ? undefined : { accountId: fromTypeId('account', accountId) };
  return {
    amountMinor: parseAmount(amount, known),
    currency: known,
    source: from === 'cash' ? 'cash' : source,
    externalId,
    metadata,
  };
}

function answer(reply: FastifyReply, made: LoanAnswer): LoanAnswerView {
  reply.code(201);
  return answerAct(reply, made);
}
