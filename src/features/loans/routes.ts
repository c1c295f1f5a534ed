import type { FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import { etagOf, IfMatchHeaders, requireIfMatch } from '#http/etag.ts';
import { decodeCursor, pageLimit, toPage } from '#http/pagination.ts';
import { pageSchema, problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { validationFailed } from '#lib/errors.ts';
import { fromTypeId, type IdName, type LoanId, parseTypeId } from '#lib/ids.ts';
import { isoDate } from '#lib/time/dates.ts';
import type { LoanDetails } from './commands.ts';
import type { LoanProductService } from './products/service.ts';
import { loanScheduleView } from './schedule-view.ts';
import {
  ApplyForLoan,
  ApproveLoan,
  ChangeLoan,
  GiveReason,
  ListEventsQuery,
  ListLoansQuery,
  LoanAnswerSchema,
  LoanEventSchema,
  LoanParams,
  LoanScheduleSchema,
  LoanSchema,
  PayoffSchema,
  QuotePayoff,
  RescheduleLoan,
  ScheduleQuery,
} from './schemas.ts';
import type { LoanService } from './service.ts';
import { type LoanView, loanAnswerView, loanEventView, loanView, partsView } from './view.ts';

const tags = ['Loans'];

/** Loans from their application on, and what they are; what moves money is in payment-routes.ts. */
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
  registerDecisions(server, loans);
  registerChanges(server, loans);
}

function registerApplication(server: HttpServer, loans: LoanService, products: LoanProductService): void {
  server.post(
    '/v1/loans',
    {
      schema: {
        operationId: 'applyForLoan',
        summary: 'Apply for a loan',
        tags,
        body: ApplyForLoan,
        response: { 201: LoanSchema, ...problemResponses(400, 404, 409, 413, 415, 422) },
      },
    },
    async ({ caller, body }, reply) => {
      const { customerId, accountId, productId, directDebit = true, ...rest } = body;
      const { amount, externalId, instalments: _, termMonths: __, currency, ...requestedTerms } = rest;
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
        externalId,
      });
      const view = withEtag(reply, shown);
      return reply.code(201).header('location', `/v1/loans/${view.id}`).send(view);
    },
  );
}

/** Throws 400 `validation_failed` unless exactly one of the two is given, and the months are whole instalments. */
function instalmentsOf(
  { instalments, termMonths }: Pick<Static<typeof ApplyForLoan>, 'instalments' | 'termMonths'>,
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
    {
      schema: {
        operationId: 'listLoans',
        summary: 'List loans, newest first',
        tags,
        querystring: ListLoansQuery,
        response: { 200: pageSchema(LoanSchema), ...problemResponses(400) },
      },
    },
    async ({ caller, query }) => {
      const limit = pageLimit(query);
      const [after] = query.cursor === undefined ? [] : decodeCursor(query.cursor, ['uuid']);
      const rows = await loans.list(caller, {
        customerId: optionalId('customer', query.customerId, 'customerId'),
        accountId: optionalId('account', query.accountId, 'accountId'),
        productId: optionalId('loanProduct', query.productId, 'productId'),
        status: query.status,
        externalId: query.externalId,
        after: after as LoanId | undefined,
        limit: limit + 1,
      });
      const page = toPage(rows, limit, ({ loan }) => [loan.id]);
      return { ...page, data: page.data.map(loanView) };
    },
  );

  server.get(
    '/v1/loans/:id',
    {
      schema: {
        operationId: 'getLoan',
        summary: 'Get a loan',
        tags,
        params: LoanParams,
        response: { 200: LoanSchema, ...problemResponses(404) },
      },
    },
    async ({ caller, params }, reply) =>
      withEtag(reply, await loans.get(caller, fromTypeId('loan', params.id))),
  );
}

function registerSchedule(server: HttpServer, loans: LoanService): void {
  server.get(
    '/v1/loans/:id/schedule',
    {
      schema: {
        operationId: 'getLoanSchedule',
        summary: 'Get the schedule of a loan: what fell due, and what is to come',
        tags,
        params: LoanParams,
        querystring: ScheduleQuery,
        response: { 200: LoanScheduleSchema, ...problemResponses(400, 404, 422) },
      },
    },
    async ({ caller, params, query }) =>
      loanScheduleView(await loans.schedule(caller, fromTypeId('loan', params.id)), query.version),
  );
}

function registerEvents(server: HttpServer, loans: LoanService): void {
  server.get(
    '/v1/loans/:id/transactions',
    {
      schema: {
        operationId: 'listLoanTransactions',
        summary: 'List what happened to a loan, latest first',
        tags,
        params: LoanParams,
        querystring: ListEventsQuery,
        response: { 200: pageSchema(LoanEventSchema), ...problemResponses(400, 404) },
      },
    },
    async ({ caller, params, query }) => {
      const limit = pageLimit(query);
      const [text] = query.cursor === undefined ? [] : decodeCursor(query.cursor, ['integer']);
      const before = text === undefined ? undefined : Number(text);
      const filter = { before, kind: query.type, limit: limit + 1 };
      const { shown, events } = await loans.listEvents(caller, fromTypeId('loan', params.id), filter);
      const page = toPage(events, limit, ({ number }) => [String(number)]);
      return { ...page, data: page.data.map((event) => loanEventView(event, shown.loan.currency)) };
    },
  );
}

function registerPayoff(server: HttpServer, loans: LoanService): void {
  server.post(
    '/v1/loans/:id/payoff-quote',
    {
      config: { changesNothing: true },
      schema: {
        operationId: 'quoteLoanPayoff',
        summary: 'Quote what would repay a loan on a date; nothing is stored',
        tags,
        params: LoanParams,
        body: QuotePayoff,
        response: { 200: PayoffSchema, ...problemResponses(400, 404, 409, 413, 415, 422) },
      },
    },
    async ({ caller, params, body }) => {
      const date = body.on === undefined ? undefined : isoDate(body.on);
      const { loan, on, payoff } = await loans.quotePayoff(caller, fromTypeId('loan', params.id), date);
      return { on, currency: loan.currency, ...partsView(payoff, loan.currency) };
    },
  );
}

function registerDecisions(server: HttpServer, loans: LoanService): void {
  const answers = { 200: LoanAnswerSchema, ...problemResponses(400, 404, 409, 413, 415, 422) };
  const schemaOf = (operationId: string, summary: string) =>
    ({ operationId, summary, tags, params: LoanParams, response: answers }) as const;

  server.post(
    '/v1/loans/:id/approve',
    { schema: { ...schemaOf('approveLoan', 'Approve a loan, or a part of it'), body: ApproveLoan } },
    async ({ caller, params, body }) =>
      loanAnswerView(await loans.approve(caller, fromTypeId('loan', params.id), body.amount)),
  );

  server.post(
    '/v1/loans/:id/reject',
    { schema: { ...schemaOf('rejectLoan', 'Reject an application'), body: GiveReason } },
    async ({ caller, params, body }) =>
      loanAnswerView(await loans.reject(caller, fromTypeId('loan', params.id), body.reason)),
  );

  server.post(
    '/v1/loans/:id/withdraw',
    { schema: schemaOf('withdrawLoan', 'Withdraw an application') },
    async ({ caller, params }) => loanAnswerView(await loans.withdraw(caller, fromTypeId('loan', params.id))),
  );

  server.post(
    '/v1/loans/:id/reschedule',
    {
      schema: { ...schemaOf('rescheduleLoan', 'Give a loan new terms from today on'), body: RescheduleLoan },
    },
    async ({ caller, params, body: { reason, ...request } }) =>
      loanAnswerView(await loans.reschedule(caller, fromTypeId('loan', params.id), request, reason)),
  );
}

function registerChanges(server: HttpServer, loans: LoanService): void {
  server.patch(
    '/v1/loans/:id',
    {
      schema: {
        operationId: 'changeLoan',
        summary: 'Change whether what falls due is collected from the account',
        tags,
        params: LoanParams,
        headers: IfMatchHeaders,
        body: ChangeLoan,
        response: { 200: LoanSchema, ...problemResponses(400, 404, 409, 412, 413, 415, 428) },
      },
    },
    async (request, reply) => {
      const id = fromTypeId('loan', request.params.id);
      const version = requireIfMatch(request);
      return withEtag(reply, await loans.change(request.caller, id, version, request.body));
    },
  );
}

function withEtag(reply: FastifyReply, shown: LoanDetails): LoanView {
  reply.header('etag', etagOf(shown.loan.version));
  return loanView(shown);
}

function optionalId<Name extends IdName>(name: Name, text: string | undefined, path: string) {
  if (text === undefined) return undefined;
  const id = parseTypeId(name, text);
  if (id === undefined) throw validationFailed({ path, message: 'must be the id of such a resource' });
  return id;
}
