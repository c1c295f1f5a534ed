import type { FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import { amountFilterOf } from '#http/amount-filters.ts';
import { IdempotencyHeaders, markReplay, requireIdempotencyKey } from '#http/idempotency.ts';
import { idFilter, operationsOf } from '#http/operations.ts';
import { isFoundByIndex, readPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { requireIban } from '#lib/iban.ts';
import { fromTypeId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { parseAmount } from '#lib/money/money.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import type { IncomingPayment } from './incoming-payment.ts';
import type { IncomingFilter } from './incoming-repository.ts';
import type { IncomingAnswer, IncomingPaymentService } from './incoming-service.ts';
import {
  IncomingParams,
  IncomingPaymentSchema,
  type IncomingView,
  incomingView,
  ListIncomingQuery,
  ReceivePaymentRequest,
  ResolvePaymentRequest,
  ReturnIncomingPaymentRequest,
  returnOf,
} from './schemas.ts';

const operation = operationsOf('Payments');

/** Payments from other banks, and the outcome of those that nobody could be credited with. */
export function registerIncomingPaymentRoutes(server: HttpServer, payments: IncomingPaymentService): void {
  registerReceive(server, payments);
  registerReads(server, payments);
  registerEnds(server, payments);
}

function registerReceive(server: HttpServer, payments: IncomingPaymentService): void {
  server.post(
    '/v1/incoming-payments',
    operation('receivePayment', 'Book a payment from another bank, once an external reference', {
      headers: IdempotencyHeaders,
      body: ReceivePaymentRequest,
      response: { 201: IncomingPaymentSchema },
      problems: [
        'answer_erased',
        'not_found',
        'currency_mismatch',
        'external_id_exists',
        'external_reference_reused',
        'period_closed',
      ],
    }),
    async (request, reply) => {
      const { amount, valueDate, ...texts } = request.body;
      const idempotencyKey = requireIdempotencyKey(request);
      const currency = requireCurrency(request.body.currency);
      const answer = await payments.receive({
        ...texts,
        caller: request.caller,
        idempotencyKey,
        currency,
        amountMinor: parseAmount(amount, currency),
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
    operation('listIncomingPayments', 'List payments from other banks, newest first', {
      querystring: ListIncomingQuery,
      response: { 200: pageSchema(IncomingPaymentSchema) },
    }),
    ({ query }) =>
      readPage(query, {
        order: 'uuid',
        placeOf: ({ state }: IncomingPayment) => state.id,
        read: async (limit, after) => {
          const filter = incomingFilterOf(query);
          const through = isFoundByIndex(query, INDEXED) ? undefined : await payments.lookBackFrom(after);
          return {
            rows: await payments.list({ ...filter, after, through, limit }),
            soughtThrough: through,
          };
        },
        view: incomingView,
      }),
  );

  server.get(
    '/v1/incoming-payments/:id',
    operation('getIncomingPayment', 'Get a payment from another bank', {
      params: IncomingParams,
      response: { 200: IncomingPaymentSchema },
    }),
    async ({ params }) => incomingView(await payments.get(fromTypeId('incomingPayment', params.id))),
  );
}

/** What a list of incoming payments is narrowed to. Throws 400 `validation_failed` or `invalid_amount`. */
function incomingFilterOf(query: Static<typeof ListIncomingQuery>): Omit<IncomingFilter, 'limit'> {
  const { status, externalReference, externalId, metadata, debtorName, reference } = query;
  return {
    status,
    externalReference,
    externalId,
    metadata,
    debtorName,
    reference,
    ...amountFilterOf(query),
    accountId: idFilter('account', query.accountId),
    from: optional(query.from, isoDate),
    to: optional(query.to, isoDate),
    debtorIban: optional(query.debtorIban, (text) => requireIban(text, 'debtorIban')),
  };
}

/** Parameters that lead to payments by an index. */
const INDEXED = ['accountId', 'externalId', 'externalReference'];

function registerEnds(server: HttpServer, payments: IncomingPaymentService): void {
  const ending = {
    params: IncomingParams,
    headers: IdempotencyHeaders,
    response: { 200: IncomingPaymentSchema },
  };
  server.post(
    '/v1/incoming-payments/:id/resolve',
    operation('resolveIncomingPayment', 'Credit an account with a payment that waits in suspense', {
      body: ResolvePaymentRequest,
      ...ending,
      problems: [
        'account_closed',
        'account_frozen',
        'account_under_contract',
        'currency_mismatch',
        'payment_not_unresolved',
      ],
    }),
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
    operation(
      'returnIncomingPayment',
      'Send a payment back to where it came from, out of suspense or from the account that was credited',
      {
        body: ReturnIncomingPaymentRequest,
        ...ending,
        problems: [
          'payment_not_returnable',
          'payment_not_unresolved',
          'account_closed',
          'account_frozen',
          'account_under_contract',
          'customer_deceased',
          'insufficient_funds',
          'period_closed',
        ],
      },
    ),
    async (request, reply) => {
      const id = fromTypeId('incomingPayment', request.params.id);
      const idempotencyKey = requireIdempotencyKey(request);
      const why = returnOf(request.body);
      const { overdrawReason } = request.body;
      const sent = { caller: request.caller, idempotencyKey, id, ...why, overdrawReason };
      return answered(reply, await payments.sendBack(sent));
    },
  );
}

function answered(reply: FastifyReply, { payment, replayed }: IncomingAnswer): IncomingView {
  markReplay(reply, replayed);
  return incomingView(payment);
}
