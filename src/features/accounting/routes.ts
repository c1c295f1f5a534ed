import { operationsOf } from '#http/operations.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import { AsOfQuery, LedgerAccountSchema, TrialBalanceSchema, trialBalanceView } from './schemas.ts';
import type { AccountingService } from './service.ts';

const operation = operationsOf('Accounting');

/** The bank's own view of its books. */
export function registerAccountingRoutes(server: HttpServer, accounting: AccountingService): void {
  server.get(
    '/v1/accounting/trial-balance',
    operation('getTrialBalance', 'Get the trial balance at the end of a date', {
      querystring: AsOfQuery,
      response: { 200: TrialBalanceSchema },
    }),
    async ({ query }) => trialBalanceView(await accounting.trialBalance(optional(query.asOf, isoDate))),
  );

  server.get(
    '/v1/accounting/ledger-accounts',
    operation('listLedgerAccounts', 'List the chart of accounts', {
      response: { 200: pageSchema(LedgerAccountSchema) },
    }),
    async () => {
      const lines = await accounting.listLedgerAccounts();
      const data = lines.map(({ glCode, ...line }) => ({ code: glCode, ...line }));
      return { data, nextCursor: null };
    },
  );
}
