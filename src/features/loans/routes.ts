import type { Static } from 'typebox';
import { requireWith } from '#http/amount-filters.ts';
import { etagged, IfNoneMatchHeaders } from '#http/etag.ts';
import { markReplay, OptionalIdempotencyHeaders, optionalIdempotencyKey } from '#http/idempotency.ts';
import { idFilter, operationsOf } from '#http/operations.ts';
import { decodeCursor, pageLimit, readPage, toPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { createdOf, isByCreation } from '#ledger/created.ts';
import { validationFailed } from '#lib/errors.ts';
import { fromTypeId, type LoanId } from '#lib/ids.ts';
import { type Currency, requireCurrency } from '#lib/money/currencies.ts';
import { formatAmount, parseAmount } from '#lib/money/money.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import type { LoanDetails } from './commands.ts';
import type { StoredEvent } from './event-repository.ts';
import { PRODUCT_TERMS_PROBLEMS } from './products/problems.ts';
import type { LoanProductService } from './products/service.ts';
import { ApplyForLoanRequest, QuotePayoffRequest } from './request-schemas.ts';
import { LoanScheduleSchema, loanScheduleView, ScheduleQuery } from './schedule-schemas.ts';
import {
  ListEventsQuery,
  ListLoansQuery,
  LoanParams,
  LoanSchema,
  LoanTransactionSchema,
  loanEventView,
  loanView,
  PayoffSchema,
  partsView,
} from './schemas.ts';
import type { ListedDetails, LoanService } from './service.ts';

const operation = operationsOf('Loans');

/**
 * Loans from their application on, and what they are; decisions are in decision-routes.ts, and what moves money
 * is in payment-routes.ts.
 */
export function registerLoanLifeRoutes(
  server: HttpServer,
  loans: LoanService,
  products: LoanProductService,
): void {
  registerApplication(server, loans, products);
  registerReads(server, loans);
  registerSchedule(server, loans);
  registerEvents(server, loans);
  registerPayoff(server, loans);
}

function registerApplication(server: HttpServer, loans: LoanService, products: LoanProductService): void {
  server.post(
    '/v1/loans',
    operation('applyForLoan', 'Apply for a loan', {
      headers: OptionalIdempotencyHeaders,
      body: ApplyForLoanRequest,
      response: { 201: LoanSchema },
      problems: [
        ...PRODUCT_TERMS_PROBLEMS,
        'not_found',
        'account_closed',
        'account_frozen',
        'customer_deceased',
        'account_not_of_borrower',
        'currency_mismatch',
        'customer_closed',
        'disbursement_in_past',
        'loan_exists',
      ],
    }),
    async (request, reply) => {
      const { caller, body } = request;
      const { customerId, accountId, productId, directDebit = true, ...rest } = body;
      const {
        amount,
        externalId,
        metadata,
        officer,
        instalments: _,
        termMonths: __,
        currency,
        ...requestedTerms
      } = rest;
      const product = await products.get(fromTypeId('loanProduct', productId));
      const shown = await loans.apply(caller, {
        customerId: fromTypeId('customer', customerId),
        accountId: fromTypeId('account', accountId),
        productId: product.state.id,
        amount,
        currency: currency ?? product.state.currency,
        requestedTerms: {
          ...requestedTerms,
          instalments: instalmentsOf(body, product.state.conditions.every),
        },
        directDebit,
        officer,
        externalId,
        metadata,
        idempotencyKey: optionalIdempotencyKey(request),
      });
      markReplay(reply, shown.replayed);
      const view = etagged(reply, versioned(shown), loanView);
      return reply.code(201).header('location', `/v1/loans/${view.id}`).send(view);
    },
  );
}

/** Throws 400 `validation_failed` unless exactly one of the two is given, and the months are whole instalments. */
function instalmentsOf(
  { instalments, termMonths }: Pick<Static<typeof ApplyForLoanRequest>, 'instalments' | 'termMonths'>,
  every: { readonly count: number; readonly unit: string } = { count: 1, unit: 'month' },
): number {
  if ((instalments === undefined) === (termMonths === undefined)) {
    throw validationFailed({ path: 'instalments', message: 'give one of instalments and termMonths' });
  }
  if (instalments !== undefined) return instalments;
  const count = (termMonths ?? 0) / every.count;
  if (every.unit === 'month' && Number.isInteger(count)) return count;
  throw validationFailed({ path: 'termMonths', message: 'must be whole instalments of the product' });
}

function registerReads(server: HttpServer, loans: LoanService): void {
  server.get(
    '/v1/loans',
    operation('listLoans', 'List loans: newest first, or by days past due or due date', {
      querystring: ListLoansQuery,
      response: { 200: pageSchema(LoanSchema) },
    }),
    async ({ caller, query }) => {
      const limit = pageLimit(query);
      const created = createdOf(query);
      const isCreated = (query.order ?? 'newest') === 'newest' && isByCreation(created);
      const [place, after] =
        query.cursor === undefined
          ? []
          : decodeCursor(query.cursor, [isCreated ? 'instant' : 'integer', 'uuid']);
      const currency = optional(query.currency, requireCurrency);
      const { rows, soughtThrough } = await loans.page(caller, {
        customerId: idFilter('customer', query.customerId),
        accountId: idFilter('account', query.accountId),
        productId: idFilter('loanProduct', query.productId, 'productId'),
        status: query.status,
        externalId: query.externalId,
        metadata: query.metadata,
        officer: query.officer,
        minDaysPastDue: query.minDaysPastDue,
        maxDaysPastDue: query.maxDaysPastDue,
        currency,
        minArrearsMinor: optional(query.minArrears, (text) =>
          parseAmount(text, requireWith(currency, 'minArrears'), 'minArrears'),
        ),
        ...created,
        dueFrom: optional(query.dueFrom, isoDate),
        dueTo: optional(query.dueTo, isoDate),
        order: query.order,
        after: after as LoanId | undefined,
        afterKey: isCreated ? undefined : optional(place, Number),
        afterCreated: isCreated ? place : undefined,
        limit: limit + 1,
      });
      const through = soughtThrough && [soughtThrough.createdPlace ?? '0', soughtThrough.id];
      const placeOf = ({ loan }: ListedDetails) => [loan.createdPlace ?? String(loan.orderKey), loan.id];
      const page = toPage(rows, limit, placeOf, through);
      return { ...page, data: page.data.map(loanView) };
    },
  );

  server.get(
    '/v1/loans/:id',
    operation('getLoan', 'Get a loan', {
      params: LoanParams,
      headers: IfNoneMatchHeaders,
      response: { 200: LoanSchema },
    }),
    async ({ caller, params }, reply) =>
      etagged(reply, versioned(await loans.get(caller, fromTypeId('loan', params.id))), loanView),
  );
}

function registerSchedule(server: HttpServer, loans: LoanService): void {
  server.get(
    '/v1/loans/:id/schedule',
    operation('getLoanSchedule', 'Get the schedule of a loan: what fell due, and what is to come', {
      params: LoanParams,
      querystring: ScheduleQuery,
      response: { 200: LoanScheduleSchema },
      problems: [...PRODUCT_TERMS_PROBLEMS, 'loan_not_in_status'],
    }),
    async ({ caller, params, query }) =>
      loanScheduleView(await loans.schedule(caller, fromTypeId('loan', params.id)), query),
  );
}

function registerEvents(server: HttpServer, loans: LoanService): void {
  server.get(
    '/v1/loans/:id/transactions',
    operation('listLoanTransactions', 'List what happened to a loan, latest first', {
      params: LoanParams,
      querystring: ListEventsQuery,
      response: { 200: pageSchema(LoanTransactionSchema) },
    }),
    ({ caller, params, query }) =>
      readPage(query, {
        order: 'integer',
        placeOf: ({ event }: { readonly event: StoredEvent; readonly currency: Currency }) =>
          String(event.number),
        read: async (limit, before) => {
          const filter = {
            before: optional(before, Number),
            kind: query.type,
            externalId: query.externalId,
            metadata: query.metadata,
            limit,
          };
          const { shown, events } = await loans.listEvents(caller, fromTypeId('loan', params.id), filter);
          return events.map((event) => ({ event, currency: shown.loan.currency }));
        },
        view: ({ event, currency }) => loanEventView(event, currency),
      }),
  );
}

function registerPayoff(server: HttpServer, loans: LoanService): void {
  server.post(
    '/v1/loans/:id/payoff-quote',
    {
      config: { changesNothing: true },
      ...operation('quoteLoanPayoff', 'Quote what would repay a loan on a date; nothing is stored', {
        params: LoanParams,
        body: QuotePayoffRequest,
        response: { 200: PayoffSchema },
        problems: ['date_before_disbursement', 'date_in_past', 'loan_not_in_status'],
      }),
    },
    async ({ caller, params, body }) => {
      const date = optional(body.on, isoDate);
      const { loan, on, payoff } = await loans.quotePayoff(caller, fromTypeId('loan', params.id), date);
      const { currency } = loan;
      const prepaymentFee = formatAmount(payoff.prepaymentFeeMinor, currency);
      return { on, currency, ...partsView(payoff, currency), prepaymentFee };
    },
  );
}

/** The loan's version stands in its state. */
function versioned(details: LoanDetails): LoanDetails & { readonly version: number } {
  return { ...details, version: details.loan.version };
}
