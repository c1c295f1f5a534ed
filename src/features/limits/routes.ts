import { operationsOf } from '#http/operations.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId } from '#lib/ids.ts';
import { type Currency, requireCurrency } from '#lib/money/currencies.ts';
import { parseAmountOrZero } from '#lib/money/money.ts';
import { optional } from '#lib/text.ts';
import type { LimitName, Limits } from './limit.ts';
import {
  AccountLimitsSchema,
  accountLimitsView,
  DefaultLimitsSchema,
  defaultLimitsView,
  LimitsParams,
  SetAccountLimitsRequest,
  SetDefaultLimitsRequest,
} from './schemas.ts';
import type { LimitService } from './service.ts';

const operation = operationsOf('Limits');

/** What may be paid at once and on a day. A PUT replaces all three limits; it needs no version: the last word counts. */
export function registerLimitRoutes(server: HttpServer, limits: LimitService): void {
  registerAccountLimits(server, limits);
  registerDefaultLimits(server, limits);
}

function registerAccountLimits(server: HttpServer, limits: LimitService): void {
  server.get(
    '/v1/accounts/:id/limits',
    operation(
      'getAccountLimits',
      'Get the limits of an account: those of its own, those that count, and what is left of them',
      {
        params: LimitsParams,
        response: { 200: AccountLimitsSchema },
      },
    ),
    async ({ caller, params }) =>
      accountLimitsView(await limits.get(caller, fromTypeId('account', params.id))),
  );

  server.put(
    '/v1/accounts/:id/limits',
    operation(
      'setAccountLimits',
      'Set the limits of an account; what is left out or null is that of its product or of the bank',
      {
        params: LimitsParams,
        body: SetAccountLimitsRequest,
        response: { 200: AccountLimitsSchema },
        problems: ['account_closed'],
      },
    ),
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
    operation(
      'listDefaultLimits',
      'List the limits that are set for the bank and for its products, by currency',
      {
        response: { 200: pageSchema(DefaultLimitsSchema) },
      },
    ),
    async () => ({ data: (await limits.listDefaults()).map(defaultLimitsView), nextCursor: null }),
  );

  server.put(
    '/v1/limits',
    operation('setDefaultLimits', 'Set the limits of all accounts in a currency, or of those of a product', {
      body: SetDefaultLimitsRequest,
      response: { 200: DefaultLimitsSchema },
      problems: ['unknown_product'],
    }),
    async ({ caller, body }) => {
      const currency = requireCurrency(body.currency);
      const { product, ownTransfersCount = true } = body;
      const wanted = { currency, product, limits: limitsOf(body, currency), ownTransfersCount };
      return defaultLimitsView(await limits.setDefault(caller, wanted));
    },
  );
}

type LimitsBody = { readonly [Name in LimitName]?: string | null };

function limitsOf(body: LimitsBody, currency: Currency): Limits {
  const limit = (name: LimitName) =>
    optional(body[name] ?? undefined, (text) => parseAmountOrZero(text, currency, name));
  return {
    perTransaction: limit('perTransaction'),
    perDay: limit('perDay'),
    newBeneficiaryPerDay: limit('newBeneficiaryPerDay'),
  };
}
