import type { FastifyReply } from 'fastify';
import { payeeOf } from '#features/transactions/contract.ts';
import { etagOf, IfMatchHeaders, requireIfMatch } from '#http/etag.ts';
import { decodeCursor, PageQuery, pageLimit, toPage } from '#http/pagination.ts';
import { pageSchema, problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { validationFailed } from '#lib/errors.ts';
import { fromTypeId, parseTypeId, type StandingOrderId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { parseAmount } from '#lib/money/money.ts';
import { isoDate } from '#lib/time/dates.ts';
import {
  ChangeStandingOrder,
  CreateStandingOrder,
  ExecutionSchema,
  ListStandingOrdersQuery,
  StandingOrderParams,
  StandingOrderSchema,
} from './schemas.ts';
import type { StandingOrderDetails, StandingOrderService } from './service.ts';
import { executionView, type StandingOrderView, standingOrderView } from './view.ts';

const tags = ['Standing orders'];

/** What customers have the bank pay again and again. */
export function registerStandingOrderRoutes(server: HttpServer, orders: StandingOrderService): void {
  registerCreation(server, orders);
  registerReads(server, orders);
  registerExecutions(server, orders);
  registerChanges(server, orders);
}

function registerCreation(server: HttpServer, orders: StandingOrderService): void {
  server.post(
    '/v1/standing-orders',
    {
      schema: {
        operationId: 'createStandingOrder',
        summary: 'Order a payment to be made again and again',
        tags,
        body: CreateStandingOrder,
        response: { 201: StandingOrderSchema, ...problemResponses(400, 404, 409, 413, 415, 422) },
      },
    },
    async ({ caller, body }, reply) => {
      const { fromAccountId, toAccountId, toIban, beneficiaryId, amount, startDate, endDate, ...rest } = body;
      const currency = requireCurrency(body.currency);
      const order = await orders.create(caller, {
        ...rest,
        accountId: fromTypeId('account', fromAccountId),
        payee: payeeOf({ toAccountId, toIban, beneficiaryId }),
        amountMinor: parseAmount(amount, currency),
        currency,
        startOn: isoDate(startDate),
        endOn: endDate === undefined ? undefined : isoDate(endDate),
      });
      const view = withEtag(reply, order);
      return reply.code(201).header('location', `/v1/standing-orders/${view.id}`).send(view);
    },
  );
}

function registerReads(server: HttpServer, orders: StandingOrderService): void {
  server.get(
    '/v1/standing-orders',
    {
      schema: {
        operationId: 'listStandingOrders',
        summary: 'List standing orders, newest first',
        tags,
        querystring: ListStandingOrdersQuery,
        response: { 200: pageSchema(StandingOrderSchema), ...problemResponses(400) },
      },
    },
    async ({ caller, query }) => {
      const limit = pageLimit(query);
      const { status, externalId, cursor } = query;
      const accountId = query.accountId === undefined ? undefined : parseTypeId('account', query.accountId);
      if (query.accountId !== undefined && accountId === undefined) {
        throw validationFailed({ path: 'accountId', message: 'must be the id of an account' });
      }
      const [after] = cursor === undefined ? [] : decodeCursor(cursor, ['uuid']);
      const filter = { accountId, status, externalId, after: after as StandingOrderId | undefined };
      const rows = await orders.list(caller, { ...filter, limit: limit + 1 });
      const page = toPage(rows, limit, ({ id }) => [id]);
      return { ...page, data: page.data.map(standingOrderView) };
    },
  );

  server.get(
    '/v1/standing-orders/:id',
    {
      schema: {
        operationId: 'getStandingOrder',
        summary: 'Get a standing order',
        tags,
        params: StandingOrderParams,
        response: { 200: StandingOrderSchema, ...problemResponses(404) },
      },
    },
    async ({ caller, params }, reply) =>
      withEtag(reply, await orders.get(caller, fromTypeId('standingOrder', params.id))),
  );
}

function registerExecutions(server: HttpServer, orders: StandingOrderService): void {
  server.get(
    '/v1/standing-orders/:id/executions',
    {
      schema: {
        operationId: 'listExecutions',
        summary: 'List what became of each due date, latest first',
        tags,
        params: StandingOrderParams,
        querystring: PageQuery,
        response: { 200: pageSchema(ExecutionSchema), ...problemResponses(400, 404) },
      },
    },
    async ({ caller, params, query }) => {
      const limit = pageLimit(query);
      const [text] = query.cursor === undefined ? [] : decodeCursor(query.cursor, ['date']);
      const before = text === undefined ? undefined : isoDate(text);
      const id = fromTypeId('standingOrder', params.id);
      const rows = await orders.listExecutions(caller, id, { before, limit: limit + 1 });
      const page = toPage(rows, limit, ({ dueOn }) => [dueOn]);
      return { ...page, data: page.data.map(executionView) };
    },
  );
}

function registerChanges(server: HttpServer, orders: StandingOrderService): void {
  server.patch(
    '/v1/standing-orders/:id',
    {
      schema: {
        operationId: 'changeStandingOrder',
        summary: 'Change, pause or resume a standing order',
        tags,
        params: StandingOrderParams,
        headers: IfMatchHeaders,
        body: ChangeStandingOrder,
        response: { 200: StandingOrderSchema, ...problemResponses(400, 404, 409, 412, 413, 415, 428) },
      },
    },
    async (request, reply) => {
      const id = fromTypeId('standingOrder', request.params.id);
      const version = requireIfMatch(request);
      const { amount, endDate, ...changes } = request.body;
      const { currency } = await orders.get(request.caller, id);
      const order = await orders.change(request.caller, id, version, {
        ...changes,
        amountMinor: amount === undefined ? undefined : parseAmount(amount, currency),
        endOn: typeof endDate === 'string' ? isoDate(endDate) : endDate,
      });
      return withEtag(reply, order);
    },
  );

  server.post(
    '/v1/standing-orders/:id/cancel',
    {
      schema: {
        operationId: 'cancelStandingOrder',
        summary: 'Cancel a standing order for good',
        tags,
        params: StandingOrderParams,
        response: { 200: StandingOrderSchema, ...problemResponses(400, 404, 409, 413, 415) },
      },
    },
    async ({ caller, params }, reply) =>
      withEtag(reply, await orders.cancel(caller, fromTypeId('standingOrder', params.id))),
  );
}

function withEtag(reply: FastifyReply, order: StandingOrderDetails): StandingOrderView {
  reply.header('etag', etagOf(order.version));
  return standingOrderView(order);
}
