import type { FastifyReply } from 'fastify';
import { IdempotencyHeaders, requireIdempotencyKey } from '#http/idempotency.ts';
import { decodeCursor, pageLimit, toPage } from '#http/pagination.ts';
import { pageSchema, problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { validationFailed } from '#lib/errors.ts';
import { type AccountId, fromTypeId, type HoldId, parseTypeId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { parseAmount } from '#lib/money/money.ts';
import { CapturedSchema, CaptureHold, HoldParams, HoldSchema, ListHoldsQuery, PlaceHold } from './schemas.ts';
import type { HoldService } from './service.ts';
import { capturedView, holdView } from './view.ts';

const tags = ['Holds'];

/** Money set aside, and what becomes of it. */
export function registerHoldRoutes(server: HttpServer, holds: HoldService): void {
  registerPlacing(server, holds);
  registerCapture(server, holds);
  registerRelease(server, holds);
  registerReads(server, holds);
}

function registerPlacing(server: HttpServer, holds: HoldService): void {
  server.post(
    '/v1/holds',
    {
      schema: {
        operationId: 'placeHold',
        summary: 'Set money aside: it is not available from now on',
        tags,
        headers: IdempotencyHeaders,
        body: PlaceHold,
        response: { 201: HoldSchema, ...problemResponses(400, 404, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { accountId, amount, expiresAt, reference } = request.body;
      const idempotencyKey = requireIdempotencyKey(request);
      const currency = requireCurrency(request.body.currency);
      const { hold, replayed } = await holds.place({
        caller: request.caller,
        idempotencyKey,
        accountId: fromTypeId('account', accountId),
        amountMinor: parseAmount(amount, currency),
        currency,
        expiresAtMs: expiresAt === undefined ? undefined : Temporal.Instant.from(expiresAt).epochMilliseconds,
        reference,
      });
      const view = holdView(hold);
      markReplay(reply, replayed).code(201).header('location', `/v1/holds/${view.id}`);
      return view;
    },
  );
}

function registerCapture(server: HttpServer, holds: HoldService): void {
  server.post(
    '/v1/holds/:id/capture',
    {
      schema: {
        operationId: 'captureHold',
        summary: 'Take money out of a hold, in part or whole',
        tags,
        params: HoldParams,
        headers: IdempotencyHeaders,
        body: CaptureHold,
        response: { 201: CapturedSchema, ...problemResponses(400, 404, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { amount, toAccountId, final = false } = request.body;
      const idempotencyKey = requireIdempotencyKey(request);
      const holdId = fromTypeId('hold', request.params.id);
      const payee = toAccountId === undefined ? undefined : fromTypeId('account', toAccountId);
      const { currency } = (await holds.get(request.caller, holdId)).state;
      const { hold, transactionId, replayed } = await holds.capture({
        caller: request.caller,
        idempotencyKey,
        holdId,
        amountMinor: amount === undefined ? undefined : parseAmount(amount, currency),
        toAccountId: payee,
        isFinal: final,
      });
      markReplay(reply, replayed).code(201);
      return capturedView(hold, transactionId);
    },
  );
}

function registerRelease(server: HttpServer, holds: HoldService): void {
  server.post(
    '/v1/holds/:id/release',
    {
      schema: {
        operationId: 'releaseHold',
        summary: 'Let go of what a hold has left',
        tags,
        params: HoldParams,
        response: { 200: HoldSchema, ...problemResponses(400, 404, 409, 413, 415) },
      },
    },
    async ({ caller, params }) => holdView(await holds.release(caller, fromTypeId('hold', params.id))),
  );
}

function registerReads(server: HttpServer, holds: HoldService): void {
  server.get(
    '/v1/holds',
    {
      schema: {
        operationId: 'listHolds',
        summary: 'List holds, newest first',
        tags,
        querystring: ListHoldsQuery,
        response: { 200: pageSchema(HoldSchema), ...problemResponses(400) },
      },
    },
    async ({ caller, query }) => {
      const limit = pageLimit(query);
      const [after] = query.cursor === undefined ? [] : decodeCursor(query.cursor, ['uuid']);
      const filter = {
        accountId: query.accountId === undefined ? undefined : requireAccountId(query.accountId),
        status: query.status,
        after: after as HoldId | undefined,
      };
      const rows = await holds.list(caller, { ...filter, limit: limit + 1 });
      const page = toPage(rows, limit, ({ state }) => [state.id]);
      return { ...page, data: page.data.map(holdView) };
    },
  );

  server.get(
    '/v1/holds/:id',
    {
      schema: {
        operationId: 'getHold',
        summary: 'Get a hold',
        tags,
        params: HoldParams,
        response: { 200: HoldSchema, ...problemResponses(404) },
      },
    },
    async ({ caller, params }) => holdView(await holds.get(caller, fromTypeId('hold', params.id))),
  );
}

function requireAccountId(text: string): AccountId {
  const id = parseTypeId('account', text);
  if (id === undefined)
    throw validationFailed({ path: 'accountId', message: 'must be the id of an account' });
  return id;
}

function markReplay(reply: FastifyReply, replayed: boolean): FastifyReply {
  return replayed ? reply.header('idempotent-replayed', 'true') : reply;
}
