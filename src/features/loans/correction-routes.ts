import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { numberInPath, operationsOf } from '#http/operations.ts';
import type { HttpServer } from '#http/server.ts';
import { answerAct, PayingHeaders, payingActOf } from './act-routes.ts';
import type { LoanAnswer } from './commands.ts';
import { PAYMENT_PROBLEMS } from './payment-routes.ts';
import type { LoanPaymentService } from './payment-service.ts';
import { ChargeLoanRequest, LoanReasonRequest, WaiveLoanRequest } from './request-schemas.ts';
import { LoanAnswerSchema, type LoanAnswerView, LoanEventParams, LoanParams } from './schemas.ts';

const operation = operationsOf('Loans');

const correcting = { headers: PayingHeaders, response: { 201: LoanAnswerSchema } };
const UNDO_PROBLEMS = [...PAYMENT_PROBLEMS, 'correction_blocked', 'customer_closed'];

/** What takes back, waives or charges. */
export function registerLoanCorrectionRoutes(server: HttpServer, loans: LoanPaymentService): void {
  registerUndo(server, loans);
  registerAmounts(server, loans);
}

function registerUndo(server: HttpServer, loans: LoanPaymentService): void {
  server.post(
    '/v1/loans/:id/undo-last-repayment',
    operation('undoLoanRepayment', 'Take the last repayment back, as if it had never been made', {
      ...correcting,
      params: LoanParams,
      body: LoanReasonRequest,
      problems: [...UNDO_PROBLEMS, 'no_repayment_to_undo'],
    }),
    async (request, reply) => {
      return answer(reply, await loans.undoLastRepayment({ ...payingActOf(request), ...request.body }));
    },
  );

  server.post(
    '/v1/loans/:id/transactions/:number/undo',
    operation(
      'undoLoanTransaction',
      'Undo a disbursement, repayment, reschedule, loss, waiver or charge, as if it had never been',
      {
        ...correcting,
        params: Type.Object({ ...LoanParams.properties, ...LoanEventParams.properties }),
        body: LoanReasonRequest,
        problems: [...UNDO_PROBLEMS, 'already_undone', 'disbursement_in_use', 'not_undoable'],
      },
    ),
    async (request, reply) => {
      const number = numberInPath(request.params.number);
      return answer(reply, await loans.undo({ ...payingActOf(request), number, ...request.body }));
    },
  );
}

function registerAmounts(server: HttpServer, loans: LoanPaymentService): void {
  server.post(
    '/v1/loans/:id/waive',
    operation('waiveLoan', 'Give up interest, fees or penalties that are due', {
      ...correcting,
      params: LoanParams,
      body: WaiveLoanRequest,
      problems: ['loan_not_in_status', 'nothing_to_waive', 'waiver_exceeds_due'],
    }),
    async (request, reply) => answer(reply, await loans.waive({ ...payingActOf(request), ...request.body })),
  );

  server.post(
    '/v1/loans/:id/charges',
    operation('chargeLoan', 'Charge a fee that is due at once', {
      ...correcting,
      params: LoanParams,
      body: ChargeLoanRequest,
      problems: ['loan_not_in_status'],
    }),
    async (request, reply) => answer(reply, await loans.charge({ ...payingActOf(request), ...request.body })),
  );
}

function answer(reply: FastifyReply, made: LoanAnswer): LoanAnswerView {
  reply.code(201);
  return answerAct(reply, made);
}
