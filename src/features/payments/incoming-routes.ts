import type { FastifyReply } from 'fastify';
import { IdempotencyHeaders, requireIdempotencyKey } from '#http/idempotency.ts';
import { decodeCursor, pageLimit, toPage } from '#http/pagination.ts';
import { pageSchema, problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { requireIban } from '#lib/iban.ts';
import { fromTypeId, type IncomingPaymentId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { parseAmount } from '#lib/money/money.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import type { IncomingAnswer, IncomingPaymentService } from './incoming-service.ts';
import {
  IncomingParams,
  IncomingSchema,
  ListIncomingQuery,
  ReasonOfReturn,
  ReceivePayment,
  ResolvePayment,
} from './schemas.ts';
import { type IncomingView, incomingView } from './views.ts';

const tags = ['Payments'];

/** Payments from other banks, and what becomes of those that nobody could be credited with. */
export function registerIncomingPaymentRoutes(server: HttpServer, payments: IncomingPaymentService): void {
  registerReceive(server, payments);
  registerReads(server, payments);
  registerEnds(server, payments);
}

function registerReceive(server: HttpServer, payments: IncomingPaymentService): void {
  server.post(
    '/v1/incoming-payments',
    {
      schema: {
        operationId: 'receivePayment',
        summary: 'Book a payment from another bank, once an external reference',
        tags,
        headers: IdempotencyHeaders,
        body: ReceivePayment,
        response: { 201: IncomingSchema, ...problemResponses(400, 404, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { amount, iban, debtorIban, valueDate, ...texts } = request.body;
      const idempotencyKey = requireIdempotencyKey(request);
      const currency = requireCurrency(request.body.currency);
      const answer = await payments.receive({
        ...texts,
        caller: request.caller,
        idempotencyKey,
        currency,
        amountMinor: parseAmount(amount, currency),
        iban: requireIban(iban, 'iban'),
        debtorIban: optional(debtorIban, (value) => requireIban(value, 'debtorIban')),
        valueDate: optional(valueDate, isoDate),
      });
      const view = answered(reply, answer);
      return reply.code(201).header('location', `/v1/incoming-payments/${view.id}`).send(view);
    },
  );
}

function registerReads(server: HttpServer, payments: IncomingPaymentService): void {
  server.get(
    '/v1/incoming-payments',
    {
      schema: {
        operationId: 'listIncomingPayments',
        summary: 'List payments from other banks, newest first',
        tags,
        querystring: ListIncomingQuery,
        response: { 200: pageSchema(IncomingSchema), ...problemResponses(400) },
      },
    },
    async ({ query }) => {
      const limit = pageLimit(query);
      const { status, externalReference, cursor } = query;
      const [after] = cursor === undefined ? [] : decodeCursor(cursor, ['uuid']);
      const filter = { status, externalReference, after: after as IncomingPaymentId | undefined };
      const rows = await payments.list({ ...filter, limit: limit + 1 });
      const page = toPage(rows, limit, ({ state }) => [state.id]);
      return { ...page, data: page.data.map(incomingView) };
    },
  );

  server.get(
    '/v1/incoming-payments/:id',
    {
      schema: {
        operationId: 'getIncomingPayment',
        summary: 'Get a payment from another bank',
        tags,
        params: IncomingParams,
        response: { 200: IncomingSchema, ...problemResponses(404) },
      },
    },
    async ({ params }) => incomingView(await payments.get(fromTypeId('incomingPayment', params.id))),
  );
}

function registerEnds(server: HttpServer, payments: IncomingPaymentService): void {
  const ending = {
    tags,
    params: IncomingParams,
    headers: IdempotencyHeaders,
    response: { 200: IncomingSchema, ...problemResponses(400, 404, 409, 413, 415, 422) },
  };
  server.post(
    '/v1/incoming-payments/:id/resolve',
    {
      schema: {
        operationId: 'resolveIncomingPayment',
        summary: 'Credit an account with a payment that waits in suspense',
        body: ResolvePayment,
        ...ending,
      },
    },
    async (request, reply) => {
      const id = fromTypeId('incomingPayment', request.params.id);
      const idempotencyKey = requireIdempotencyKey(request);
      const accountId = fromTypeId('account', request.body.accountId);
      const answer = await payments.resolve({ caller: request.caller, idempotencyKey, id, accountId });
      return answered(reply, answer);
    },
  );

  server.post(
    '/v1/incoming-payments/:id/return',
    {
      schema: {
        operationId: 'returnIncomingPayment',
        summary: 'Send a payment that waits in suspense back to where it came from',
        body: ReasonOfReturn,
        ...ending,
      },
    },
    async (request, reply) => {
      const id = fromTypeId('incomingPayment', request.params.id);
      const idempotencyKey = requireIdempotencyKey(request);
      const { reason } = request.body;
      return answered(reply, await payments.sendBack({ caller: request.caller, idempotencyKey, id, reason }));
    },
  );
}

function answered(reply: FastifyReply, { payment, replayed }: IncomingAnswer): IncomingView {
  if (replayed) reply.header('idempotent-replayed', 'true');
  return incomingView(payment);
}
