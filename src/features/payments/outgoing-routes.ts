import type { FastifyReply } from 'fastify';
import { IdempotencyHeaders, markReplay, requireIdempotencyKey } from '#http/idempotency.ts';
import { operationsOf } from '#http/operations.ts';
import { readPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId } from '#lib/ids.ts';
import type { StoredOutgoing } from './outgoing-repository.ts';
import type { OutgoingAnswer, OutgoingPaymentService } from './outgoing-service.ts';
import {
  ListOutgoingQuery,
  OutgoingParams,
  OutgoingPaymentSchema,
  type OutgoingView,
  outgoingView,
  ReturnPaymentRequest,
} from './schemas.ts';

const operation = operationsOf('Payments');

/** What becomes of payments that left the bank. */
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
    ({ query }) =>
      readPage(query, {
        order: 'uuid',
        placeOf: ({ id }: StoredOutgoing) => id,
        read: (limit, after) => payments.list({ status: query.status, after, limit }),
        view: outgoingView,
      }),
  );

  server.get(
    '/v1/outgoing-payments/:id',
    operation('getOutgoingPayment', 'Get a payment to another bank, by its transaction’s id', {
      params: OutgoingParams,
      response: { 200: OutgoingPaymentSchema },
    }),
    async ({ params }) => outgoingView(await payments.get(fromTypeId('transaction', params.id))),
  );
}

function registerEnds(server: HttpServer, payments: OutgoingPaymentService): void {
  const ending = {
    params: OutgoingParams,
    headers: IdempotencyHeaders,
    response: { 200: OutgoingPaymentSchema },
    problems: ['payment_not_pending'],
  };
  server.post(
    '/v1/outgoing-payments/:id/settle',
    operation('settleOutgoingPayment', 'Say that the other bank has the money', {
      ...ending,
    }),
    async (request, reply) => {
      const id = fromTypeId('transaction', request.params.id);
      const idempotencyKey = requireIdempotencyKey(request);
      return answered(reply, await payments.settle({ caller: request.caller, idempotencyKey, id }));
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
      },
    ),
    async (request, reply) => {
      const id = fromTypeId('transaction', request.params.id);
      const idempotencyKey = requireIdempotencyKey(request);
      const { reason } = request.body;
      return answered(reply, await payments.giveBack({ caller: request.caller, idempotencyKey, id, reason }));
    },
  );
}

function answered(reply: FastifyReply, { payment, replayed }: OutgoingAnswer): OutgoingView {
  markReplay(reply, replayed);
  return outgoingView(payment);
}
