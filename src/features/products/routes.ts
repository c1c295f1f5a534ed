import { operationsOf } from '#http/operations.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { ProductSchema, productView } from './schemas.ts';
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
}
