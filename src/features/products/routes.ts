import { operationsOf } from '#http/operations.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { optional } from '#lib/text.ts';
import { ChangeProductRequest, ProductParams, ProductSchema, productView } from './schemas.ts';
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

  server.get(
    '/v1/products/:code',
    operation('getProduct', 'Get a product in each of its currencies', {
      params: ProductParams,
      response: { 200: pageSchema(ProductSchema) },
    }),
    async ({ params }) => ({ data: (await products.get(params.code)).map(productView), nextCursor: null }),
  );

  server.patch(
    '/v1/products/:code',
    operation('changeProduct', 'Change the terms of a product, in one of its currencies or in all', {
      params: ProductParams,
      body: ChangeProductRequest,
      response: { 200: pageSchema(ProductSchema) },
      problems: ['unknown_product'],
    }),
    async ({ caller, params: { code }, body: { currency, ...changes } }) => {
      const key = { code, currency: optional(currency, (text) => requireCurrency(text)) };
      return { data: (await products.change(caller, key, changes)).map(productView), nextCursor: null };
    },
  );
}
