import type { FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import { IdempotencyHeaders, requireIdempotencyKey } from '#http/idempotency.ts';
import { problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { validationFailed } from '#lib/errors.ts';
import { fromTypeId } from '#lib/ids.ts';
import { type Currency, requireCurrency } from '#lib/money/currencies.ts';
import { parseAmount } from '#lib/money/money.ts';
import type { LoanAnswer } from './commands.ts';
import type { MoneySource } from './event.ts';
import type { LoanPaymentService, LoanRequest } from './payment-service.ts';
import { DisburseLoan, GiveReason, LoanAnswerSchema, LoanParams, RecoverLoan, RepayLoan } from './schemas.ts';
import { type LoanAnswerView, loanAnswerView } from './view.ts';

const answers = { 201: LoanAnswerSchema, ...problemResponses(400, 404, 409, 413, 415, 422) };
const schemaOf = (operationId: string, summary: string) =>
  ({
    operationId,
    summary,
    tags: ['Loans'],
    params: LoanParams,
    headers: IdempotencyHeaders,
    response: answers,
  }) as const;

/** Money that moves for loans. */
export function registerLoanPaymentRoutes(server: HttpServer, loans: LoanPaymentService): void {
  registerPayments(server, loans);
  registerLosses(server, loans);
}

function registerPayments(server: HttpServer, loans: LoanPaymentService): void {
  server.post(
    '/v1/loans/:id/disburse',
    {
      schema: { ...schemaOf('disburseLoan', 'Pay a loan out to the borrower’s account'), body: DisburseLoan },
    },
    async (request, reply) => {
      const { feesFrom = 'account' } = request.body;
      return answer(reply, await loans.disburse({ ...requestOf(request), feesFrom }));
    },
  );

  server.post(
    '/v1/loans/:id/repayments',
    { schema: { ...schemaOf('repayLoan', 'Repay a loan, as far as the amount goes'), body: RepayLoan } },
    async (request, reply) => {
      const { strategy = 'shorten_term' } = request.body;
      return answer(reply, await loans.repay({ ...requestOf(request), ...moneyOf(request.body), strategy }));
    },
  );

  server.post(
    '/v1/loans/:id/undo-last-repayment',
    {
      schema: {
        ...schemaOf('undoLoanRepayment', 'Take the last repayment back, as if it had never been made'),
        body: GiveReason,
      },
    },
    async (request, reply) => {
      const { reason } = request.body;
      return answer(reply, await loans.undoLastRepayment({ ...requestOf(request), reason }));
    },
  );
}

function registerLosses(server: HttpServer, loans: LoanPaymentService): void {
  server.post(
    '/v1/loans/:id/charge-off',
    {
      schema: {
        ...schemaOf('chargeOffLoan', 'Take what is owed off the books as lost, and go on asking for it'),
        body: GiveReason,
      },
    },
    async (request, reply) =>
      answer(reply, await loans.chargeOff({ ...requestOf(request), reason: request.body.reason })),
  );

  server.post(
    '/v1/loans/:id/write-off',
    { schema: { ...schemaOf('writeOffLoan', 'Give up what is owed'), body: GiveReason } },
    async (request, reply) =>
      answer(reply, await loans.writeOff({ ...requestOf(request), reason: request.body.reason })),
  );

  server.post(
    '/v1/loans/:id/recoveries',
    { schema: { ...schemaOf('recoverLoan', 'Take money for a loan that was lost'), body: RecoverLoan } },
    async (request, reply) =>
      answer(reply, await loans.recover({ ...requestOf(request), ...moneyOf(request.body) })),
  );
}

function requestOf(
  request: Pick<LoanRequest, 'caller'> & {
    readonly params: Static<typeof LoanParams>;
    readonly raw: Parameters<typeof requireIdempotencyKey>[0]['raw'];
  },
): LoanRequest {
  return {
    caller: request.caller,
    idempotencyKey: requireIdempotencyKey(request),
    id: fromTypeId('loan', request.params.id),
  };
}

/** Throws 400 `validation_failed` for cash from an account, 404 `not_found` for what is none. */
function moneyOf({ amount, currency, from, accountId }: Static<typeof RecoverLoan>): {
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
  };
}

function answer(reply: FastifyReply, made: LoanAnswer): LoanAnswerView {
  if (made.replayed) reply.header('idempotent-replayed', 'true');
  reply.code(201);
  return loanAnswerView(made);
}
