import { etagged, IfMatchHeaders, IfNoneMatchHeaders, requireIfMatch } from '#http/etag.ts';
import { idFilter, operationsOf } from '#http/operations.ts';
import { decodeCursor, PageQuery, pageLimit, readPage, toPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { type AccountId, fromDepositId, fromTypeId } from '#lib/ids.ts';
import { type Currency, requireCurrency } from '#lib/money/currencies.ts';
import { parseAmount } from '#lib/money/money.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import type { StoredDepositEvent } from './event-repository.ts';
import type { DepositPlace } from './repository.ts';
import {
  ChangeDepositRequest,
  CloseDepositRequest,
  closureView,
  DepositClosureSchema,
  DepositEventSchema,
  DepositParams,
  DepositQuoteSchema,
  DepositSchema,
  depositEventView,
  depositQuoteView,
  depositView,
  ListDepositsQuery,
  OpenDepositRequest,
  QuoteDepositRequest,
} from './schemas.ts';
import type { DepositService } from './service.ts';

const operation = operationsOf('Time deposits');

/** What a product refuses a deposit for. */
const PRODUCT_PROBLEMS = [
  'deposit_amount_not_offered',
  'deposit_term_not_offered',
  'product_not_for_deposits',
  'unknown_product',
] as const;

/** The account of the deposit in a path. Throws 404 `not_found` for a text that is not an id. */
const depositOf = ({ id }: { readonly id: string }): AccountId => fromDepositId(fromTypeId('deposit', id));

/** Money held for a term. */
export function registerDepositRoutes(server: HttpServer, deposits: DepositService): void {
  registerQuote(server, deposits);
  registerOpening(server, deposits);
  registerReads(server, deposits);
  registerInstruction(server, deposits);
  registerClosing(server, deposits);
}

function registerQuote(server: HttpServer, deposits: DepositService): void {
  server.post(
    '/v1/time-deposits/quote',
    {
      config: { changesNothing: true },
      ...operation(
        'quoteTimeDeposit',
        'Quote a deposit: its rate, interest, maturity and payout; nothing is stored',
        {
          body: QuoteDepositRequest,
          response: { 200: DepositQuoteSchema },
          problems: [...PRODUCT_PROBLEMS, 'early_closure_not_agreed'],
        },
      ),
    },
    async ({ body: { product, amount, term, frequency, openedOn, closedOn, currency: code } }) => {
      const currency = requireCurrency(code);
      const quoted = await deposits.quote({
        product,
        currency,
        term,
        frequency,
        amountMinor: parseAmount(amount, currency),
        openedOn: optional(openedOn, isoDate),
        closedOn: optional(closedOn, isoDate),
      });
      return depositQuoteView(quoted);
    },
  );
}

function registerOpening(server: HttpServer, deposits: DepositService): void {
  server.post(
    '/v1/time-deposits',
    operation(
      'openTimeDeposit',
      'Make a deposit: its account is opened and paid from another one of the customer',
      {
        body: OpenDepositRequest,
        response: { 201: DepositSchema },
        problems: [
          ...PRODUCT_PROBLEMS,
          'not_found',
          'account_closed',
          'account_exists',
          'account_numbers_exhausted',
          'account_frozen',
          'account_not_of_depositor',
          'account_under_contract',
          'currency_mismatch',
          'customer_closed',
          'customer_deceased',
          'customer_details_missing',
          'customer_not_eligible',
          'insufficient_funds',
          'limit_exceeded',
          'product_not_offered_yet',
          'product_retired',
        ],
      },
    ),
    async (request, reply) => {
      const { caller, body } = request;
      const { amount, payoutAccountId = body.fromAccountId, onMaturity = 'pay_out', ...rest } = body;
      const currency = requireCurrency(body.currency);
      const { renewalProduct, renewalTerm, product, term, frequency, externalId, metadata } = rest;
      const deposit = await deposits.open(caller, {
        product,
        term,
        frequency,
        externalId,
        metadata,
        currency,
        customerId: fromTypeId('customer', body.customerId),
        amountMinor: parseAmount(amount, currency),
        fromAccountId: fromTypeId('account', body.fromAccountId),
        instruction: {
          onMaturity,
          renewalProduct,
          renewalTerm,
          payoutAccountId: fromTypeId('account', payoutAccountId),
        },
      });
      const view = etagged(reply, deposit, depositView);
      return reply.code(201).header('location', `/v1/time-deposits/${view.id}`).send(view);
    },
  );
}

function registerReads(server: HttpServer, deposits: DepositService): void {
  server.get(
    '/v1/time-deposits',
    operation('listTimeDeposits', 'List deposits, by maturity', {
      querystring: ListDepositsQuery,
      response: { 200: pageSchema(DepositSchema) },
    }),
    async ({ caller, query }) => {
      const limit = pageLimit(query);
      const [maturesOn, id] = query.cursor === undefined ? [] : decodeCursor(query.cursor, ['date', 'uuid']);
      const after =
        maturesOn === undefined || id === undefined
          ? undefined
          : { maturesOn: isoDate(maturesOn), id: id as AccountId };
      const { rows, soughtThrough } = await deposits.page(caller, {
        after,
        customerId: idFilter('customer', query.customerId),
        accountId: idFilter('account', query.accountId),
        product: query.product,
        externalId: query.externalId,
        metadata: query.metadata,
        status: query.status,
        maturesBefore: optional(query.maturesBefore, isoDate),
        noticeDueBy: optional(query.noticeDueBy, isoDate),
        limit: limit + 1,
      });
      const placeOf = ({ maturesOn, id }: DepositPlace) => [maturesOn, id];
      const page = toPage(rows, limit, placeOf, soughtThrough && placeOf(soughtThrough));
      return { ...page, data: page.data.map(depositView) };
    },
  );

  server.get(
    '/v1/time-deposits/:id',
    operation('getTimeDeposit', 'Get a deposit', {
      params: DepositParams,
      headers: IfNoneMatchHeaders,
      response: { 200: DepositSchema },
    }),
    async ({ caller, params }, reply) =>
      etagged(reply, await deposits.get(caller, depositOf(params)), depositView),
  );

  server.get(
    '/v1/time-deposits/:id/events',
    operation('listTimeDepositEvents', 'List what happened to a deposit, in order', {
      params: DepositParams,
      querystring: PageQuery,
      response: { 200: pageSchema(DepositEventSchema) },
    }),
    ({ caller, params, query }) =>
      readPage(query, {
        order: 'integer',
        placeOf: ({ event }: { readonly event: StoredDepositEvent; readonly currency: Currency }) =>
          String(event.number),
        read: async (limit, after) => {
          const page = { after: optional(after, Number), limit };
          const { deposit, events } = await deposits.listEvents(caller, depositOf(params), page);
          return events.map((event) => ({ event, currency: deposit.currency }));
        },
        view: ({ event, currency }) => depositEventView(event, currency),
      }),
  );
}

function registerInstruction(server: HttpServer, deposits: DepositService): void {
  server.patch(
    '/v1/time-deposits/:id',
    operation(
      'changeTimeDeposit',
      'Say what is to happen at the maturity of a deposit, and where its instalments come from',
      {
        params: DepositParams,
        headers: IfMatchHeaders,
        body: ChangeDepositRequest,
        response: { 200: DepositSchema },
        problems: [
          'account_closed',
          'account_not_of_depositor',
          'account_under_contract',
          'currency_mismatch',
          'deposit_over',
          'deposit_without_instalments',
          'product_not_for_deposits',
          'unknown_product',
        ],
      },
    ),
    async (request, reply) => {
      const { caller, params, body } = request;
      const changes = {
        ...body,
        payoutAccountId: optional(body.payoutAccountId, (text) => fromTypeId('account', text)),
        collectFromAccountId: optional(body.collectFromAccountId, (text) => fromTypeId('account', text)),
      };
      const id = depositOf(params);
      return etagged(
        reply,
        await deposits.instruct(caller, id, requireIfMatch(request), changes),
        depositView,
      );
    },
  );
}

function registerClosing(server: HttpServer, deposits: DepositService): void {
  server.get(
    '/v1/time-deposits/:id/closure',
    operation('getTimeDepositClosure', 'Preview what closing a deposit today would pay', {
      params: DepositParams,
      response: { 200: DepositClosureSchema },
      problems: ['deposit_matures', 'deposit_over', 'early_closure_not_agreed'],
    }),
    async ({ caller, params }) => closureView(await deposits.previewClosure(caller, depositOf(params))),
  );

  server.post(
    '/v1/time-deposits/:id/close',
    operation('closeTimeDeposit', 'Close a deposit before its maturity, and pay out what is due', {
      params: DepositParams,
      body: CloseDepositRequest,
      response: { 200: DepositClosureSchema },
      problems: [
        'account_closed',
        'account_frozen',
        'account_under_contract',
        'deposit_matures',
        'deposit_over',
        'early_closure_not_agreed',
        'insufficient_funds',
      ],
    }),
    async (request) => {
      const { caller, params, body } = request;
      return closureView(await deposits.close(caller, depositOf(params), body));
    },
  );
}
