import { pageSchema, problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId } from '#lib/ids.ts';
import { type Currency, requireCurrency } from '#lib/money/currencies.ts';
import { parseAmountOrZero } from '#lib/money/money.ts';
import type { LimitName, Limits } from './limit.ts';
import {
  AccountLimitsSchema,
  DefaultLimitsSchema,
  LimitsParams,
  SetAccountLimits,
  SetDefaultLimits,
} from './schemas.ts';
import type { LimitService } from './service.ts';
import { accountLimitsView, defaultLimitsView } from './view.ts';

const tags = ['Limits'];

/** What may be paid at once and on a day. A PUT replaces all three limits; it needs no version: the last word counts. */
export function registerLimitRoutes(server: HttpServer, limits: LimitService): void {
  registerAccountLimits(server, limits);
  registerDefaultLimits(server, limits);
}

function registerAccountLimits(server: HttpServer, limits: LimitService): void {
  server.get(
    '/v1/accounts/:id/limits',
    {
      schema: {
        operationId: 'getAccountLimits',
        summary: 'Get the limits of an account: those of its own, those that count, and what is left of them',
        tags,
        params: LimitsParams,
        response: { 200: AccountLimitsSchema, ...problemResponses(404) },
      },
    },
    async ({ caller, params }) =>
      accountLimitsView(await limits.get(caller, fromTypeId('account', params.id))),
  );

  server.put(
    '/v1/accounts/:id/limits',
    {
      schema: {
        operationId: 'setAccountLimits',
        summary:
          'Set the limits of an account; what is left out or null is that of its product or of the bank',
        tags,
        params: LimitsParams,
        body: SetAccountLimits,
        response: { 200: AccountLimitsSchema, ...problemResponses(400, 404, 409, 413, 415) },
      },
    },
    async ({ caller, params, body }) => {
      const id = fromTypeId('account', params.id);
      const { currency } = await limits.get(caller, id);
      return accountLimitsView(await limits.setForAccount(caller, id, limitsOf(body, currency)));
    },
  );
}

function registerDefaultLimits(server: HttpServer, limits: LimitService): void {
  server.get(
    '/v1/limits',
    {
      schema: {
        operationId: 'listDefaultLimits',
        summary: 'List the limits that are set for the bank and for its products, by currency',
        tags,
        response: { 200: pageSchema(DefaultLimitsSchema), ...problemResponses() },
      },
    },
    async () => ({ data: (await limits.listDefaults()).map(defaultLimitsView), nextCursor: null }),
  );

  server.put(
    '/v1/limits',
    {
      schema: {
        operationId: 'setDefaultLimits',
        summary: 'Set the limits of all accounts in a currency, or of those of a product',
        tags,
        body: SetDefaultLimits,
        response: { 200: DefaultLimitsSchema, ...problemResponses(400, 413, 415, 422) },
      },
    },
    async ({ caller, body }) => {
      const currency = requireCurrency(body.currency);
      const wanted = { currency, product: body.product, limits: limitsOf(body, currency) };
      return defaultLimitsView(await limits.setDefault(caller, wanted));
    },
  );
}

type LimitsBody = { readonly [Name in LimitName]?: string | null };

function limitsOf(body: LimitsBody, currency: Currency): Limits {
  const limit = (name: LimitName): bigint | undefined => {
    const text = body[name] ?? undefined;
    return text === undefined ? undefined : parseAmountOrZero(text, currency, name);
  };
  return {
    perTransaction: limit('perTransaction'),
    perDay: limit('perDay'),
    newBeneficiaryPerDay: limit('newBeneficiaryPerDay'),
  };
}
