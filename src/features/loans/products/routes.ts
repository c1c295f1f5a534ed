import { operationsOf } from '#http/operations.ts';
import { readPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId } from '#lib/ids.ts';
import type { LoanProduct } from './loan-product.ts';
import { CONTRADICTIONS } from './problems.ts';
import {
  CreateLoanProductRequest,
  ListLoanProductsQuery,
  LoanProductParams,
  LoanProductSchema,
  loanProductView,
} from './schemas.ts';
import type { LoanProductService } from './service.ts';

const operation = operationsOf('Loans');

/** The terms on which the bank lends. */
export function registerLoanProductRoutes(server: HttpServer, products: LoanProductService): void {
  server.post(
    '/v1/loan-products',
    operation('createLoanProduct', 'Define terms to lend on: ranges, defaults and conditions', {
      body: CreateLoanProductRequest,
      response: { 201: LoanProductSchema },
      problems: [...CONTRADICTIONS, 'external_id_exists', 'loan_product_exists'],
    }),
    async ({ caller, body }, reply) => {
      const { name, currency, externalId, metadata, ...conditions } = body;
      const request = { name, currency, conditions, externalId, metadata };
      const view = loanProductView(await products.create(caller, request));
      return reply.code(201).header('location', `/v1/loan-products/${view.id}`).send(view);
    },
  );

  server.get(
    '/v1/loan-products',
    operation('listLoanProducts', 'List loan products, newest first', {
      querystring: ListLoanProductsQuery,
      response: { 200: pageSchema(LoanProductSchema) },
    }),
    ({ query }) =>
      readPage(query, {
        order: 'uuid',
        placeOf: ({ state }: LoanProduct) => state.id,
        read: (limit, after) => products.list({ externalId: query.externalId, after, limit }),
        view: loanProductView,
      }),
  );

  server.get(
    '/v1/loan-products/:id',
    operation('getLoanProduct', 'Get a loan product', {
      params: LoanProductParams,
      response: { 200: LoanProductSchema },
    }),
    async ({ params }) => loanProductView(await products.get(fromTypeId('loanProduct', params.id))),
  );
}
