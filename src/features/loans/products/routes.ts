import { decodeCursor, PageQuery, pageLimit, toPage } from '#http/pagination.ts';
import { pageSchema, problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId, type LoanProductId } from '#lib/ids.ts';
import { CreateLoanProductRequest, LoanProductParams, LoanProductSchema } from './schemas.ts';
import type { LoanProductService } from './service.ts';
import { loanProductView } from './view.ts';

const tags = ['Loans'];

/** The terms on which the bank lends. */
export function registerLoanProductRoutes(server: HttpServer, products: LoanProductService): void {
  server.post(
    '/v1/loan-products',
    {
      schema: {
        operationId: 'createLoanProduct',
        summary: 'Define terms to lend on: ranges, defaults and conditions',
        tags,
        body: CreateLoanProductRequest,
        response: { 201: LoanProductSchema, ...problemResponses(400, 409, 413, 415) },
      },
    },
    async ({ caller, body: { name, currency, ...conditions } }, reply) => {
      const view = loanProductView(await products.create(caller, { name, currency, conditions }));
      return reply.code(201).header('location', `/v1/loan-products/${view.id}`).send(view);
    },
  );

  server.get(
    '/v1/loan-products',
    {
      schema: {
        operationId: 'listLoanProducts',
        summary: 'List loan products, newest first',
        tags,
        querystring: PageQuery,
        response: { 200: pageSchema(LoanProductSchema), ...problemResponses(400) },
      },
    },
    async ({ query }) => {
      const limit = pageLimit(query);
      const [after] = query.cursor === undefined ? [] : decodeCursor(query.cursor, ['uuid']);
      const rows = await products.list({ after: after as LoanProductId | undefined, limit: limit + 1 });
      const page = toPage(rows, limit, ({ state }) => [state.id]);
      return { ...page, data: page.data.map(loanProductView) };
    },
  );

  server.get(
    '/v1/loan-products/:id',
    {
      schema: {
        operationId: 'getLoanProduct',
        summary: 'Get a loan product',
        tags,
        params: LoanProductParams,
        response: { 200: LoanProductSchema, ...problemResponses(404) },
      },
    },
    async ({ params }) => loanProductView(await products.get(fromTypeId('loanProduct', params.id))),
  );
}
