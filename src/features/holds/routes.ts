import type { FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import { etagOf, IfMatchHeaders, IfNoneMatchHeaders, requireIfMatch } from '#http/etag.ts';
import { IdempotencyHeaders, markReplay, requireIdempotencyKey } from '#http/idempotency.ts';
import { idFilter, operationsOf } from '#http/operations.ts';
import { readPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { checkAll } from '#lib/check-all.ts';
import { fromTypeId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { parseAmount } from '#lib/money/money.ts';
import { optional } from '#lib/text.ts';
import { instantMs } from '#lib/time/instants.ts';
import type { Hold } from './hold.ts';
import {
  CapturedHoldSchema,
  CaptureHoldRequest,
  ChangeHoldRequest,
  capturedView,
  HoldParams,
  HoldSchema,
  type HoldView,
  holdView,
  ListHoldsQuery,
  PlaceHoldRequest,
} from './schemas.ts';
import type { HoldService } from './service.ts';

const operation = operationsOf('Holds');

/** Money set aside, and the outcome of it. */
export function registerHoldRoutes(server: HttpServer, holds: HoldService): void {
  registerPlacing(server, holds);
  registerCapture(server, holds);
  registerChange(server, holds);
  registerRelease(server, holds);
  registerReads(server, holds);
}

function registerPlacing(server: HttpServer, holds: HoldService): void {
  server.post(
    '/v1/holds',
    {
      config: {
        judge: ({ expiresAt }: Static<typeof PlaceHoldRequest>) =>
          holds.judgeEnd(optional(expiresAt, instantMs)),
      },
      ...operation('placeHold', 'Set money aside: it is not available from now on', {
        headers: IdempotencyHeaders,
        body: PlaceHoldRequest,
        response: { 201: HoldSchema },
        problems: [
          'limit_requires_manager',
          'not_found',
          'account_closed',
          'account_frozen',
          'account_dormant',
          'below_minimum_balance',
          'customer_deceased',
          'currency_mismatch',
          'insufficient_funds',
          'limit_exceeded',
          'external_id_exists',
        ],
      }),
    },
    async (request, reply) => {
      const { accountId, amount, expiresAt, reference, externalId, metadata } = request.body;
      const idempotencyKey = requireIdempotencyKey(request);
      const currency = requireCurrency(request.body.currency);
      const { hold, replayed } = await holds.place({
        caller: request.caller,
        idempotencyKey,
        accountId: fromTypeId('account', accountId),
        amountMinor: parseAmount(amount, currency),
        currency,
        expiresAtMs: optional(expiresAt, instantMs),
        reference,
        externalId,
        metadata,
      });
      const view = holdView(hold);
      markReplay(reply, replayed);
      return reply.code(201).header('location', `/v1/holds/${view.id}`).send(view);
    },
  );
}

function registerCapture(server: HttpServer, holds: HoldService): void {
  server.post(
    '/v1/holds/:id/capture',
    operation('captureHold', 'Take money out of a hold, in part or whole', {
      params: HoldParams,
      headers: IdempotencyHeaders,
      body: CaptureHoldRequest,
      response: { 201: CapturedHoldSchema },
      problems: [
        'external_id_exists',
        'limit_requires_manager',
        'account_closed',
        'account_frozen',
        'account_under_contract',
        'customer_deceased',
        'capture_exceeds_hold',
        'currency_mismatch',
        'hold_not_active',
        'insufficient_funds',
        'same_account',
      ],
    }),
    async (request, reply) => {
      const { amount, toAccountId, final = false, forceReason, externalId, metadata } = request.body;
      const idempotencyKey = requireIdempotencyKey(request);
      const holdId = fromTypeId('hold', request.params.id);
      const payee = optional(toAccountId, (text) => fromTypeId('account', text));
      const { currency } = (await holds.get(request.caller, holdId)).state;
      const { hold, transactionId, replayed } = await holds.capture({
        caller: request.caller,
        idempotencyKey,
        holdId,
        amountMinor: optional(amount, (text) => parseAmount(text, currency)),
        toAccountId: payee,
        isFinal: final,
        forceReason,
        externalId,
        metadata,
      });
      markReplay(reply, replayed);
      return reply.code(201).send(capturedView(hold, transactionId));
    },
  );
}

function registerChange(server: HttpServer, holds: HoldService): void {
  server.patch(
    '/v1/holds/:id',
    operation('changeHold', 'Raise, lower, extend or label a hold', {
      params: HoldParams,
      headers: IfMatchHeaders,
      body: ChangeHoldRequest,
      response: { 200: HoldSchema },
      problems: [
        'limit_requires_manager',
        'account_closed',
        'account_frozen',
        'account_dormant',
        'below_minimum_balance',
        'customer_deceased',
        'external_id_exists',
        'hold_amount_captured',
        'hold_not_active',
        'insufficient_funds',
        'limit_exceeded',
      ],
    }),
    async (request, reply) => {
      const { caller, params, body } = request;
      const id = fromTypeId('hold', params.id);
      const version = requireIfMatch(request);
      const { currency } = (await holds.get(caller, id)).state;
      const changes = checkAll({
        amountMinor: () => optional(body.amount, (text) => parseAmount(text, currency)),
        expiresAtMs: () => {
          const endMs = body.expiresAt === null ? null : optional(body.expiresAt, instantMs);
          holds.judgeEnd(endMs ?? undefined);
          return endMs;
        },
      });
      const { externalId, metadata } = body;
      return tagged(reply, await holds.change(caller, id, version, { ...changes, externalId, metadata }));
    },
  );
}

/** The view of a hold, with its version as the ETag of the answer. */
function tagged(reply: FastifyReply, hold: Hold): HoldView {
  reply.header('etag', etagOf(hold.state.version));
  return holdView(hold);
}

function registerRelease(server: HttpServer, holds: HoldService): void {
  server.post(
    '/v1/holds/:id/release',
    operation('releaseHold', 'Let go of what a hold has left', {
      params: HoldParams,
      response: { 200: HoldSchema },
      problems: ['hold_not_active'],
    }),
    async ({ caller, params }) => holdView(await holds.release(caller, fromTypeId('hold', params.id))),
  );
}

function registerReads(server: HttpServer, holds: HoldService): void {
  server.get(
    '/v1/holds',
    operation('listHolds', 'List holds, newest first', {
      querystring: ListHoldsQuery,
      response: { 200: pageSchema(HoldSchema) },
    }),
    ({ caller, query }) =>
      readPage(query, {
        order: 'uuid',
        placeOf: ({ state }: Hold) => state.id,
        read: (limit, after) => {
          const accountId = idFilter('account', query.accountId);
          const { status, externalId, metadata } = query;
          return holds.page(caller, { accountId, status, externalId, metadata, after, limit });
        },
        view: holdView,
      }),
  );

  server.get(
    '/v1/holds/:id',
    operation('getHold', 'Get a hold', {
      params: HoldParams,
      headers: IfNoneMatchHeaders,
      response: { 200: HoldSchema },
    }),
    async ({ caller, params }, reply) =>
      tagged(reply, await holds.get(caller, fromTypeId('hold', params.id))),
  );
}
