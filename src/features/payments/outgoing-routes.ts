import type { FastifyReply } from 'fastify';
import { IdempotencyHeaders, requireIdempotencyKey } from '#http/idempotency.ts';
import { decodeCursor, pageLimit, toPage } from '#http/pagination.ts';
import { pageSchema, problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId, type TransactionId } from '#lib/ids.ts';
import type { OutgoingAnswer, OutgoingPaymentService } from './outgoing-service.ts';
import { ListOutgoingQuery, OutgoingParams, OutgoingSchema, ReasonOfReturn } from './schemas.ts';
import { type OutgoingView, outgoingView } from './views.ts';

const tags = ['Payments'];

/** What becomes of payments that left the bank. */
export function registerOutgoingPaymentRoutes(server: HttpServer, payments: OutgoingPaymentService): void {
  registerReads(server, payments);
  registerEnds(server, payments);
}

function registerReads(server: HttpServer, payments: OutgoingPaymentService): void {
  server.get(
    '/v1/outgoing-payments',
    {
      schema: {
        operationId: 'listOutgoingPayments',
        summary: 'List payments to other banks, newest first',
        tags,
        querystring: ListOutgoingQuery,
        response: { 200: pageSchema(OutgoingSchema), ...problemResponses(400) },
      },
    },
    async ({ query }) => {
      const limit = pageLimit(query);
      const [after] = query.cursor === undefined ? [] : decodeCursor(query.cursor, ['uuid']);
      const filter = { status: query.status, after: after as TransactionId | undefined, limit: limit + 1 };
      const page = toPage(await payments.list(filter), limit, ({ id }) => [id]);
      return { ...page, data: page.data.map(outgoingView) };
    },
  );

  server.get(
    '/v1/outgoing-payments/:id',
    {
      schema: {
        operationId: 'getOutgoingPayment',
        summary: 'Get a payment to another bank, by its transaction’s id',
        tags,
        params: OutgoingParams,
        response: { 200: OutgoingSchema, ...problemResponses(404) },
      },
    },
    async ({ params }) => outgoingView(await payments.get(fromTypeId('transaction', params.id))),
  );
}

function registerEnds(server: HttpServer, payments: OutgoingPaymentService): void {
  const ending = {
    tags,
    params: OutgoingParams,
    headers: IdempotencyHeaders,
    response: { 200: OutgoingSchema, ...problemResponses(400, 404, 409, 413, 415, 422) },
  };
  server.post(
    '/v1/outgoing-payments/:id/settle',
    {
      schema: {
        operationId: 'settleOutgoingPayment',
        summary: 'Say that the other bank has the money',
        ...ending,
      },
    },
    async (request, reply) => {
      const id = fromTypeId('transaction', request.params.id);
      const idempotencyKey = requireIdempotencyKey(request);
      return answered(reply, await payments.settle({ caller: request.caller, idempotencyKey, id }));
    },
  );

  server.post(
    '/v1/outgoing-payments/:id/return',
    {
      schema: {
        operationId: 'returnOutgoingPayment',
        summary: 'Give the money back to its payer, or to suspense if the payer cannot be credited',
        body: ReasonOfReturn,
        ...ending,
      },
    },
    async (request, reply) => {
      const id = fromTypeId('transaction', request.params.id);
      const idempotencyKey = requireIdempotencyKey(request);
      const { reason } = request.body;
      return answered(reply, await payments.giveBack({ caller: request.caller, idempotencyKey, id, reason }));
    },
  );
}

function answered(reply: FastifyReply, { payment, replayed }: OutgoingAnswer): OutgoingView {
  if (replayed) reply.header('idempotent-replayed', 'true');
  return outgoingView(payment);
}
