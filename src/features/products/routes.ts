import { operationsOf } from '#http/operations.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { optional } from '#lib/text.ts';
import {
  ChangeProductRequest,
  ProductParams,
  ProductRequirementsRequest,
  ProductSchema,
  productView,
} from './schemas.ts';
import type { ProductService } from './service.ts';

const operation = operationsOf('Products');

/** What the bank offers. The list is short: it comes whole. */
export function registerProductRoutes(server: HttpServer, products: ProductService): void {
  server.get(
    '/v1/products',
    operation('listProducts', 'List account products', {
      response: { 200: pageSchema(ProductSchema) },
    }),
    async () => ({ data: (await products.list()).map(productView), nextCursor: null }),
  );

  server.patch(
    '/v1/products/:code',
    operation('changeProduct', 'Change the terms of a product in all its currencies', {
      params: ProductParams,
      body: ChangeProductRequest,
      response: { 200: pageSchema(ProductSchema) },
    }),
    async ({ caller, params, body }) => ({
      data: (await products.change(caller, params.code, body)).map(productView),
      nextCursor: null,
    }),
  );

  server.put(
    '/v1/products/:code/requirements',
    operation('setProductRequirements', 'Set which details of customers an account product asks for', {
      params: ProductParams,
      body: ProductRequirementsRequest,
      response: { 200: pageSchema(ProductSchema) },
      problems: ['unknown_product'],
    }),
    async ({ caller, params, body }) => {
      const { requiredDetails } = body;
      const currency = optional(body.currency, (text) => requireCurrency(text));
      const changed = await products.setRequirements(caller, params.code, { currency, requiredDetails });
      return { data: changed.map(productView), nextCursor: null };
    },
  );
}
