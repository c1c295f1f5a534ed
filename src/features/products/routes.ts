import { pageSchema, problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { ProductSchema } from './schemas.ts';
import type { ProductService } from './service.ts';
import { productView } from './view.ts';

/** What the bank offers. The list is short: it comes whole. */
export function registerProductRoutes(server: HttpServer, products: ProductService): void {
  server.get(
    '/v1/products',
    {
      schema: {
        operationId: 'listProducts',
        summary: 'List account products',
        tags: ['Products'],
        response: { 200: pageSchema(ProductSchema), ...problemResponses() },
      },
    },
    async () => ({ data: (await products.list()).map(productView), nextCursor: null }),
  );
}
