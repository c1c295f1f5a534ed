import type { Static } from 'typebox';
import { operationsOf } from '#http/operations.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { assert } from '#lib/assert.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import type { Product, ProductKind } from './product.ts';
import { readTerms } from './read-terms.ts';
import {
  AddProductVersionRequest,
  ChangeProductRequest,
  CreateProductRequest,
  ProductParams,
  ProductSchema,
  ProductVersionSchema,
  productView,
  VersionsQuery,
  versionView,
} from './schemas.ts';
import type { ProductService } from './service.ts';
import type { ProductTerms } from './terms.ts';

const operation = operationsOf('Products');

/** What the bank offers. The lists are short: they come whole. */
export function registerProductRoutes(server: HttpServer, products: ProductService): void {
  const shown = async (found: readonly Product[]) => ({
    data: (await products.withRates(found)).map(productView),
    nextCursor: null,
  });

  server.get(
    '/v1/products',
    operation('listProducts', 'List account products', {
      response: { 200: pageSchema(ProductSchema) },
    }),
    async () => shown(await products.list()),
  );

  server.get(
    '/v1/products/:code',
    operation('getProduct', 'Get a product in each of its currencies', {
      params: ProductParams,
      response: { 200: pageSchema(ProductSchema) },
    }),
    async ({ params }) => shown(await products.get(params.code)),
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
      return shown(await products.change(caller, key, changes));
    },
  );
  registerCreation(server, products);
  registerVersions(server, products);
}

/** The terms of a request, as far as they can be judged beside what its schema refused. */
function judgeTerms({
  currency,
  kind,
  ...terms
}: ProductTerms & { readonly currency: string; readonly kind?: ProductKind }): void {
  readTerms(terms, requireCurrency(currency), kind);
}

function registerCreation(server: HttpServer, products: ProductService): void {
  server.post(
    '/v1/products',
    {
      config: { judge: (body: Static<typeof CreateProductRequest>) => judgeTerms(body) },
      ...operation('createProduct', 'Define a product in a currency', {
        body: CreateProductRequest,
        response: { 201: ProductSchema },
        problems: [
          'currency_not_kept',
          'effective_date_over',
          'gl_account_unsuitable',
          'product_exists',
          'product_kind_differs',
          'reference_rate_missing',
        ],
      }),
    },
    async ({ caller, body }, reply) => {
      const { code, kind, name, captureTolerancePercent, requiredDetails, accounting = {}, ...rest } = body;
      const { currency, effectiveFrom, ...terms } = rest;
      const product = await products.create(caller, {
        code,
        kind,
        name,
        captureTolerancePercent,
        requiredDetails,
        accounting,
        terms,
        currency: requireCurrency(currency),
        effectiveFrom: optional(effectiveFrom, isoDate),
      });
      const [made] = await products.withRates([product]);
      assert(made !== undefined, 'a product was made');
      return reply.code(201).header('location', `/v1/products/${code}`).send(productView(made));
    },
  );
}

function registerVersions(server: HttpServer, products: ProductService): void {
  server.post(
    '/v1/products/:code/versions',
    {
      config: { judge: (body: Static<typeof AddProductVersionRequest>) => judgeTerms(body) },
      ...operation('addProductVersion', 'Give a product new terms from a date on', {
        params: ProductParams,
        body: AddProductVersionRequest,
        response: { 201: ProductVersionSchema },
        problems: [
          'effective_date_over',
          'not_found',
          'reference_rate_missing',
          'unknown_product',
          'version_out_of_order',
        ],
      }),
    },
    async ({ caller, params, body }, reply) => {
      const { currency, effectiveFrom, appliesTo = 'all_accounts', ...terms } = body;
      const version = await products.addVersion(caller, params.code, {
        appliesTo,
        terms,
        currency: requireCurrency(currency),
        effectiveFrom: isoDate(effectiveFrom),
      });
      return reply.code(201).send(versionView(version));
    },
  );

  server.get(
    '/v1/products/:code/versions',
    operation('listProductVersions', 'List the terms of a product, by currency and version', {
      params: ProductParams,
      querystring: VersionsQuery,
      response: { 200: pageSchema(ProductVersionSchema) },
    }),
    async ({ params: { code }, query }) => {
      const key = { code, currency: optional(query.currency, (text) => requireCurrency(text)) };
      return { data: (await products.listVersions(key)).map(versionView), nextCursor: null };
    },
  );
}
