import { etagged, IfMatchHeaders, requireIfMatch } from '#http/etag.ts';
import { operationsOf } from '#http/operations.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId } from '#lib/ids.ts';
import { ActHeaders, actOf, answerAct } from './act-routes.ts';
import { PRODUCT_TERMS_PROBLEMS } from './products/problems.ts';
import {
  ApproveLoanRequest,
  ChangeLoanRequest,
  LoanReasonRequest,
  RescheduleLoanRequest,
} from './request-schemas.ts';
import { LoanAnswerSchema, LoanParams, LoanSchema, loanView } from './schemas.ts';
import type { LoanService } from './service.ts';

const operation = operationsOf('Loans');

/** What all decisions have in common. */
const deciding = { params: LoanParams, headers: ActHeaders, response: { 200: LoanAnswerSchema } };

/** What is decided about a loan and moves no money. */
export function registerLoanDecisionRoutes(server: HttpServer, loans: LoanService): void {
  registerDecisions(server, loans);
  registerReschedule(server, loans);
  registerChanges(server, loans);
}

function registerDecisions(server: HttpServer, loans: LoanService): void {
  server.post(
    '/v1/loans/:id/approve',
    operation('approveLoan', 'Approve a loan, or a part of it', {
      ...deciding,
      body: ApproveLoanRequest,
      problems: [
        ...PRODUCT_TERMS_PROBLEMS,
        'amount_above_requested',
        'customer_closed',
        'customer_deceased',
        'disbursement_in_past',
        'loan_not_in_status',
        'own_application',
      ],
    }),
    async (request, reply) =>
      answerAct(reply, await loans.approve({ ...actOf(request), amount: request.body.amount })),
  );

  server.post(
    '/v1/loans/:id/reject',
    operation('rejectLoan', 'Reject an application', {
      ...deciding,
      body: LoanReasonRequest,
      problems: ['loan_not_in_status'],
    }),
    async (request, reply) => answerAct(reply, await loans.reject({ ...actOf(request), ...request.body })),
  );

  server.post(
    '/v1/loans/:id/withdraw',
    operation('withdrawLoan', 'Withdraw an application', { ...deciding, problems: ['loan_not_in_status'] }),
    async (request, reply) => answerAct(reply, await loans.withdraw(actOf(request))),
  );
}

function registerReschedule(server: HttpServer, loans: LoanService): void {
  server.post(
    '/v1/loans/:id/reschedule',
    operation('rescheduleLoan', 'Give a loan new terms from today on', {
      ...deciding,
      body: RescheduleLoanRequest,
      problems: [
        'amount_too_small',
        'grace_too_long',
        'instalment_multiple_too_coarse',
        'loan_not_in_status',
        'nothing_overdue',
        'nothing_to_reschedule',
        'rate_out_of_range',
        'rate_outside_product',
        'term_outside_product',
        'term_too_long',
      ],
    }),
    async (request, reply) => {
      const { reason, customerReason, ...changes } = request.body;
      const reasons = reason === undefined ? undefined : { reason, customerReason };
      return answerAct(reply, await loans.reschedule({ ...actOf(request), changes, reasons }));
    },
  );
}

function registerChanges(server: HttpServer, loans: LoanService): void {
  server.patch(
    '/v1/loans/:id',
    operation('changeLoan', 'Change whether what falls due is collected, the officer, and labels of a loan', {
      params: LoanParams,
      headers: IfMatchHeaders,
      body: ChangeLoanRequest,
      response: { 200: LoanSchema },
      problems: ['loan_exists', 'loan_not_in_status'],
    }),
    async (request, reply) => {
      const { caller, params, body } = request;
      const ifMatch = requireIfMatch(request);
      const id = fromTypeId('loan', params.id);
      const changed = await loans.change({ caller, id, ifMatch, changes: body });
      return etagged(reply, { ...changed, version: changed.loan.version }, loanView);
    },
  );
}
