import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { amount, date, givenText, id } from '#http/fields.ts';
import { numberInPath, operationsOf } from '#http/operations.ts';
import { requestObject } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId } from '#lib/ids.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import { ActHeaders, actOf, answerAct } from './act-routes.ts';
import type { LoanAnswer } from './commands.ts';
import { percent } from './products/terms-schemas.ts';
import { LoanReasonRequest } from './request-schemas.ts';
import { LoanAnswerSchema, type LoanAnswerView, LoanEventParams, LoanParams } from './schemas.ts';
import {
  CollateralKindSchema,
  LoanSecuritySchema,
  PartyRoleSchema,
  securityView,
} from './security-schemas.ts';
import type { LoanSecurityService } from './security-service.ts';

const operation = operationsOf('Loans');

const AddPartyRequest = requestObject('AddLoanPartyRequest', 'Somebody who stands for a loan.', {
  customerId: id('customer', 'The customer.'),
  role: PartyRoleSchema,
  sharePercent: Type.Optional(percent('For how much of the debt; all of it if not given.', '50')),
});
const RemovePartyRequest = requestObject(
  'RemoveLoanPartyRequest',
  'Who does not stand for a loan any more.',
  {
    customerId: id('customer', 'The customer.'),
  },
);
const AddCollateralRequest = requestObject('AddLoanCollateralRequest', 'What secures a loan.', {
  kind: CollateralKindSchema,
  description: givenText('What it is.', 'Flat, Lindenstraße 5, land register 4711'),
  value: amount('What it is worth, in the currency of the loan.'),
  valuedOn: Type.Optional(date('When it was valued; the business date if not given.')),
});

const acting = { headers: ActHeaders, response: { 201: LoanAnswerSchema } };
const REFUSALS = ['loan_not_in_status', 'not_found'];

/** Who stands for a loan beside its borrower, and what secures it. */
export function registerLoanSecurityRoutes(server: HttpServer, security: LoanSecurityService): void {
  registerReading(server, security);
  registerParties(server, security);
  registerCollateral(server, security);
}

function registerReading(server: HttpServer, security: LoanSecurityService): void {
  server.get(
    '/v1/loans/:id/security',
    operation('getLoanSecurity', 'Get the parties and the collateral of a loan', {
      params: LoanParams,
      response: { 200: LoanSecuritySchema },
    }),
    async ({ caller, params }) => {
      const { loan, ...found } = await security.get(caller, fromTypeId('loan', params.id));
      return securityView(found, loan.currency);
    },
  );
}

function registerParties(server: HttpServer, security: LoanSecurityService): void {
  server.post(
    '/v1/loans/:id/parties',
    operation('addLoanParty', 'Add a co-borrower or a guarantor to a loan', {
      ...acting,
      params: LoanParams,
      body: AddPartyRequest,
      problems: [...REFUSALS, 'customer_closed', 'customer_deceased', 'party_exists', 'too_much_security'],
    }),
    async (request, reply) => {
      const { customerId, ...party } = request.body;
      const named = { ...party, customerId: fromTypeId('customer', customerId) };
      return answer(reply, await security.addParty({ ...actOf(request), ...named }));
    },
  );

  server.post(
    '/v1/loans/:id/parties/remove',
    operation('removeLoanParty', 'Release a co-borrower or a guarantor from a loan', {
      ...acting,
      params: LoanParams,
      body: RemovePartyRequest,
      problems: REFUSALS,
    }),
    async (request, reply) => {
      const customerId = fromTypeId('customer', request.body.customerId);
      return answer(reply, await security.removeParty({ ...actOf(request), customerId }));
    },
  );
}

function registerCollateral(server: HttpServer, security: LoanSecurityService): void {
  server.post(
    '/v1/loans/:id/collateral',
    operation('addLoanCollateral', 'Add what secures a loan', {
      ...acting,
      params: LoanParams,
      body: AddCollateralRequest,
      problems: [...REFUSALS, 'too_much_security'],
    }),
    async (request, reply) => {
      const valuedOn = optional(request.body.valuedOn, isoDate);
      return answer(reply, await security.addCollateral({ ...actOf(request), ...request.body, valuedOn }));
    },
  );

  server.post(
    '/v1/loans/:id/collateral/:number/release',
    operation('releaseLoanCollateral', 'Release what secured a loan', {
      ...acting,
      params: Type.Object({ ...LoanParams.properties, ...LoanEventParams.properties }),
      body: LoanReasonRequest,
      problems: [...REFUSALS, 'collateral_released'],
    }),
    async (request, reply) => {
      const number = numberInPath(request.params.number);
      return answer(reply, await security.releaseCollateral({ ...actOf(request), number, ...request.body }));
    },
  );
}

function answer(reply: FastifyReply, made: LoanAnswer): LoanAnswerView {
  reply.code(201);
  return answerAct(reply, made);
}
