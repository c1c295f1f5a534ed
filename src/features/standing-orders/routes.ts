import type { Static } from 'typebox';
import { payeeOf } from '#features/transactions/contract.ts';
import { etagged, IfMatchHeaders, IfNoneMatchHeaders, requireIfMatch } from '#http/etag.ts';
import { idFilter, operationsOf } from '#http/operations.ts';
import { PageQuery, readPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { checkAll, checkEach } from '#lib/check-all.ts';
import { type FlorinError, validationFailed } from '#lib/errors.ts';
import { fromTypeId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { parseAmount } from '#lib/money/money.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import { type Every, everyOf } from '#lib/time/recurrence.ts';
import type { SeenExecution } from './execution.ts';
import type { OrderTerms } from './order-terms.ts';
import {
  ChangeStandingOrderRequest,
  CreateStandingOrderRequest,
  ExecutionSchema,
  executionView,
  ListStandingOrdersQuery,
  type RepeatsRequest,
  StandingOrderParams,
  StandingOrderSchema,
  standingOrderView,
} from './schemas.ts';
import type { CreateOrder, StandingOrderDetails, StandingOrderService } from './service.ts';

const operation = operationsOf('Standing orders');

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
    operation('createStandingOrder', 'Order a payment to be made again and again', {
      body: CreateStandingOrderRequest,
      response: { 201: StandingOrderSchema },
      problems: [
        'not_found',
        'account_closed',
        'currency_mismatch',
        'customer_deceased',
        'external_id_exists',
        'same_account',
        'unknown_payee',
        'payee_name_required',
      ],
    }),
    async ({ caller, body }, reply) => {
      await judgeOrder(orders, body);
      const accountId = fromTypeId('account', body.fromAccountId);
      const order = await orders.create(caller, { ...newOrderOf(body), accountId });
      const view = etagged(reply, order, standingOrderView);
      return reply.code(201).header('location', `/v1/standing-orders/${view.id}`).send(view);
    },
  );
}

type NewOrder = Static<typeof CreateStandingOrderRequest>;

/** What a request orders. Throws 400 `validation_failed`. */
function newOrderOf({ amount, ...body }: NewOrder): Omit<CreateOrder, 'accountId'> {
  const { toAccountId, toIban, toAccount, beneficiaryId, ...terms } = body;
  const { payee, money, timed } = checkAll({
    payee: () => payeeOf({ toAccountId, toIban, toAccount, toName: terms.toName, beneficiaryId }),
    money: () => {
      const currency = requireCurrency(terms.currency);
      return { currency, amountMinor: parseAmount(amount, currency) };
    },
    timed: () => termsOf(terms),
  });
  return { ...timed, ...money, payee };
}

type Terms = Omit<NewOrder, 'amount' | 'toAccountId' | 'toIban' | 'toAccount' | 'beneficiaryId'>;

function termsOf(terms: Terms): OrderTerms {
  const { fromAccountId: _, currency: __, startDate, endDate, frequency, every, once, ...rest } = terms;
  const repeats = requireRepeats({ frequency, every, once });
  const dates = { startOn: isoDate(startDate), endOn: optional(endDate, isoDate) };
  return { ...rest, ...dates, every: repeats === 'once' ? undefined : repeats };
}

/** Throws 400 `validation_failed` with all that is wrong with an order. */
async function judgeOrder(orders: StandingOrderService, body: NewOrder): Promise<void> {
  const judging = [() => newOrderOf(body), () => orders.judge(termsOf(body))];
  const results = await Promise.allSettled(judging.map(async (judge) => judge()));
  checkEach(results, (result) => {
    if (result.status === 'rejected') throw result.reason;
  });
}

function registerReads(server: HttpServer, orders: StandingOrderService): void {
  server.get(
    '/v1/standing-orders',
    operation('listStandingOrders', 'List standing orders, newest first', {
      querystring: ListStandingOrdersQuery,
      response: { 200: pageSchema(StandingOrderSchema) },
    }),
    ({ caller, query }) => {
      const { status, externalId, metadata } = query;
      const accountId = idFilter('account', query.accountId);
      return readPage(query, {
        order: 'uuid',
        placeOf: ({ id }: StandingOrderDetails) => id,
        read: (limit, after) =>
          orders.page(caller, { accountId, status, externalId, metadata, after, limit }),
        view: standingOrderView,
      });
    },
  );

  server.get(
    '/v1/standing-orders/:id',
    operation('getStandingOrder', 'Get a standing order', {
      params: StandingOrderParams,
      headers: IfNoneMatchHeaders,
      response: { 200: StandingOrderSchema },
    }),
    async ({ caller, params }, reply) =>
      etagged(reply, await orders.get(caller, fromTypeId('standingOrder', params.id)), standingOrderView),
  );
}

function registerExecutions(server: HttpServer, orders: StandingOrderService): void {
  server.get(
    '/v1/standing-orders/:id/executions',
    operation('listExecutions', 'List the outcome of each due date, latest first', {
      params: StandingOrderParams,
      querystring: PageQuery,
      response: { 200: pageSchema(ExecutionSchema) },
    }),
    ({ caller, params, query }) =>
      readPage(query, {
        order: 'date',
        placeOf: ({ dueOn }: SeenExecution) => dueOn,
        read: (limit, before) =>
          orders.listExecutions(caller, fromTypeId('standingOrder', params.id), { before, limit }),
        view: executionView,
      }),
  );
}

function registerChanges(server: HttpServer, orders: StandingOrderService): void {
  server.patch(
    '/v1/standing-orders/:id',
    operation('changeStandingOrder', 'Change, pause or resume a standing order', {
      params: StandingOrderParams,
      headers: IfMatchHeaders,
      body: ChangeStandingOrderRequest,
      response: { 200: StandingOrderSchema },
      problems: ['standing_order_not_active', 'customer_deceased', 'external_id_exists'],
    }),
    async (request, reply) => {
      const id = fromTypeId('standingOrder', request.params.id);
      const version = requireIfMatch(request);
      const { endDate, startDate, dayOfMonth, frequency, every, once, ...changes } = request.body;
      const repeats = repeatsOf({ frequency, every, once });
      const isTimed = repeats !== undefined || startDate !== undefined || dayOfMonth !== undefined;
      const timing = { every: repeats, startOn: optional(startDate, isoDate), dayOfMonth };
      const order = await orders.change(request.caller, id, version, {
        ...changes,
        timing: isTimed ? timing : undefined,
        endOn: typeof endDate === 'string' ? isoDate(endDate) : endDate,
      });
      return etagged(reply, order, standingOrderView);
    },
  );

  server.post(
    '/v1/standing-orders/:id/cancel',
    operation('cancelStandingOrder', 'Cancel a standing order permanently', {
      params: StandingOrderParams,
      response: { 200: StandingOrderSchema },
      problems: ['standing_order_not_active'],
    }),
    async ({ caller, params }, reply) =>
      etagged(reply, await orders.cancel(caller, fromTypeId('standingOrder', params.id)), standingOrderView),
  );
}

/** How often an order is paid: undefined if not given. Throws 400 `validation_failed` for more than one answer. */
function repeatsOf({ frequency, every, once }: RepeatsRequest): Every | 'once' | undefined {
  const given = [frequency, every, once === true ? true : undefined].filter((one) => one !== undefined);
  if (given.length > 1 || once === false) throw oneOfRepeats();
  if (once === true) return 'once';
  return every ?? optional(frequency, everyOf);
}

function requireRepeats(request: RepeatsRequest): Every | 'once' {
  const repeats = repeatsOf(request);
  if (repeats === undefined) throw oneOfRepeats();
  return repeats;
}

function oneOfRepeats(): FlorinError {
  return validationFailed({ path: 'frequency', message: 'give one of frequency, every, and once as true' });
}
