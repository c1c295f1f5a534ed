import { operationsOf } from '#http/operations.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { notFound } from '#lib/errors.ts';
import { parseCurrency } from '#lib/money/currencies.ts';
import type { BankService } from './bank-service.ts';
import {
  BankSchema,
  bankView,
  ChangeBankRequest,
  CurrencyOfBankSchema,
  CurrencyParams,
  currencyView,
} from './schemas.ts';

const operation = operationsOf('Bank');

/** The bank itself: its settings and its currencies. */
export function registerBankRoutes(server: HttpServer, bank: BankService): void {
  server.get(
    '/v1/bank',
    operation('getBank', 'Get what the bank says of itself', { response: { 200: BankSchema } }),
    async () => bankView(await bank.get()),
  );

  server.patch(
    '/v1/bank',
    operation('changeBank', 'Change what the bank says of itself on statements and payments', {
      body: ChangeBankRequest,
      response: { 200: BankSchema },
    }),
    async ({ caller, body }) => bankView(await bank.change(caller, body)),
  );

  server.get(
    '/v1/currencies',
    operation('listCurrencies', 'List the currencies of ISO 4217, and which of them the bank keeps', {
      response: { 200: pageSchema(CurrencyOfBankSchema) },
    }),
    async () => ({ data: (await bank.listCurrencies()).map(currencyView), nextCursor: null }),
  );

  server.post(
    '/v1/currencies/:currency/enable',
    operation('enableCurrency', 'Keep a currency: its ledger accounts and first products are opened', {
      params: CurrencyParams,
      response: { 200: CurrencyOfBankSchema },
    }),
    async ({ caller, params }) => {
      const currency = parseCurrency(params.currency);
      if (currency === undefined) throw notFound();
      await bank.enableCurrency(caller, currency);
      const found = (await bank.listCurrencies()).find((one) => one.currency === currency);
      if (found === undefined) throw notFound();
      return currencyView(found);
    },
  );
}
