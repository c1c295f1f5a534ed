import type { FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import { amountFilterOf } from '#http/amount-filters.ts';
import { IdempotencyHeaders, markReplay, requireIdempotencyKey } from '#http/idempotency.ts';
import { idFilter, operationsOf } from '#http/operations.ts';
import { isFoundByIndex, readPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import type { Caller } from '#lib/caller.ts';
import { requireIban } from '#lib/iban.ts';
import { fromTypeId } from '#lib/ids.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import type { OutgoingFilter, StoredOutgoing } from './outgoing-repository.ts';
import type { OutgoingAnswer, OutgoingPaymentService } from './outgoing-service.ts';
import {
  ListOutgoingQuery,
  OutgoingParams,
  OutgoingPaymentSchema,
  type OutgoingView,
  outgoingView,
  ReturnPaymentRequest,
  returnOf,
} from './schemas.ts';

const operation = operationsOf('Payments');

const ENDING_PROBLEMS = ['payment_not_pending', 'customer_deceased'];

/** The outcome of payments that left the bank. */
export function registerOutgoingPaymentRoutes(server: HttpServer, payments: OutgoingPaymentService): void {
  registerReads(server, payments);
  registerEnds(server, payments);
}

function registerReads(server: HttpServer, payments: OutgoingPaymentService): void {
  server.get(
    '/v1/outgoing-payments',
    operation('listOutgoingPayments', 'List payments to other banks, newest first', {
      querystring: ListOutgoingQuery,
      response: { 200: pageSchema(OutgoingPaymentSchema) },
    }),
    ({ caller, query }) =>
      readPage(query, {
        order: 'uuid',
        placeOf: ({ id }: StoredOutgoing) => id,
        read: async (limit, after) => {
          const filter = outgoingFilterOf(query);
          const through = isFoundByIndex(query, INDEXED)
            ? undefined
            : await payments.lookBackFrom(caller, after);
          const rows = await payments.list(caller, { ...filter, after, through, limit });
          return { rows, soughtThrough: through };
        },
        view: (payment) => outgoingView(caller, payment),
      }),
  );

  server.get(
    '/v1/outgoing-payments/:id',
    operation('getOutgoingPayment', 'Get a payment to another bank, by its transaction’s id', {
      params: OutgoingParams,
      response: { 200: OutgoingPaymentSchema },
    }),
    async ({ caller, params }) =>
      outgoingView(caller, await payments.get(caller, fromTypeId('transaction', params.id))),
  );
}

function registerEnds(server: HttpServer, payments: OutgoingPaymentService): void {
  const ending = {
    params: OutgoingParams,
    headers: IdempotencyHeaders,
    response: { 200: OutgoingPaymentSchema },
    problems: ENDING_PROBLEMS,
  };
  server.post(
    '/v1/outgoing-payments/:id/settle',
    operation('settleOutgoingPayment', 'Say that the other bank has the money', {
      ...ending,
    }),
    async (request, reply) => {
      const id = fromTypeId('transaction', request.params.id);
      const idempotencyKey = requireIdempotencyKey(request);
      const { caller } = request;
      return answered(reply, caller, await payments.settle({ caller, idempotencyKey, id }));
    },
  );

  server.post(
    '/v1/outgoing-payments/:id/return',
    operation(
      'returnOutgoingPayment',
      'Give the money back to its payer, or to suspense if the payer cannot be credited',
      {
        body: ReturnPaymentRequest,
        ...ending,
        problems: [...ENDING_PROBLEMS, 'period_closed'],
      },
    ),
    async (request, reply) => {
      const id = fromTypeId('transaction', request.params.id);
      const idempotencyKey = requireIdempotencyKey(request);
      const why = returnOf(request.body);
      const { caller } = request;
      return answered(reply, caller, await payments.giveBack({ caller, idempotencyKey, id, ...why }));
    },
  );

  server.post(
    '/v1/outgoing-payments/:id/cancel',
    operation('cancelOutgoingPayment', 'Take back a payment that was not claimed yet', {
      ...ending,
      problems: ['payment_not_pending', 'account_closed', 'account_frozen'],
    }),
    async (request, reply) => {
      const id = fromTypeId('transaction', request.params.id);
      const idempotencyKey = requireIdempotencyKey(request);
      const { caller } = request;
      return answered(reply, caller, await payments.cancel({ caller, idempotencyKey, id }));
    },
  );
}

function answered(reply: FastifyReply, caller: Caller, { payment, replayed }: OutgoingAnswer): OutgoingView {
  markReplay(reply, replayed);
  return outgoingView(caller, payment);
}

/** Parameters that lead to payments by an index. */
const INDEXED = ['accountId', 'externalId', 'reference'];

/** What a list of outgoing payments is narrowed to. Throws 400 `validation_failed` or `invalid_amount`. */
function outgoingFilterOf(query: Static<typeof ListOutgoingQuery>): Omit<OutgoingFilter, 'limit'> {
  return {
    status: query.status,
    submissionId: idFilter('submission', query.submissionId),
    accountId: idFilter('account', query.accountId),
    ...amountFilterOf(query),
    from: optional(query.from, isoDate),
    to: optional(query.to, isoDate),
    creditorAccount: optional(query.creditorIban, (text) => requireIban(text, 'creditorIban')),
    creditorName: query.creditorName?.normalize('NFC'),
    reference: query.reference?.normalize('NFC'),
    externalId: query.externalId,
    metadata: query.metadata,
  };
}
