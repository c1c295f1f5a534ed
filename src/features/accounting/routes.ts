import { pageSchema, problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { isoDate } from '#lib/time/dates.ts';
import { AsOfQuery, LedgerAccountSchema, TrialBalanceSchema } from './schemas.ts';
import type { AccountingService } from './service.ts';
import { trialBalanceView } from './view.ts';

const tags = ['Accounting'];

/** The bank's own view of its books. */
export function registerAccountingRoutes(server: HttpServer, accounting: AccountingService): void {
  server.get(
    '/v1/accounting/trial-balance',
    {
      schema: {
        operationId: 'getTrialBalance',
        summary: 'Get the trial balance at the end of a date',
        tags,
        querystring: AsOfQuery,
        response: { 200: TrialBalanceSchema, ...problemResponses(400) },
      },
    },
    async ({ query }) => {
      const asOf = query.asOf === undefined ? undefined : isoDate(query.asOf);
      return trialBalanceView(await accounting.trialBalance(asOf));
    },
  );

  server.get(
    '/v1/accounting/ledger-accounts',
    {
      schema: {
        operationId: 'listLedgerAccounts',
        summary: 'List the chart of accounts',
        tags,
        response: { 200: pageSchema(LedgerAccountSchema), ...problemResponses() },
      },
    },
    async () => {
      const lines = await accounting.listLedgerAccounts();
      const data = lines.map(({ glCode, ...line }) => ({ code: glCode, ...line }));
      return { data, nextCursor: null };
    },
  );
}
