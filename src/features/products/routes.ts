import { operationsOf } from '#http/operations.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
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
}
