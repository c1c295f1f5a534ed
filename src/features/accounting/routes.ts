import { sendFile } from '#http/file-answers.ts';
import { operationsOf } from '#http/operations.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import { reportAnswer } from './reports/schemas.ts';
import { LedgerAccountSchema, TrialBalanceQuery, TrialBalanceSchema, trialBalanceView } from './schemas.ts';
import type { AccountingService } from './service.ts';
import { printTrialBalance, trialBalanceCsv } from './trial-balance-sheet.ts';

const operation = operationsOf('Accounting');

/** The bank's own view of its books. */
export function registerAccountingRoutes(server: HttpServer, accounting: AccountingService): void {
  server.get(
    '/v1/accounting/trial-balance',
    operation('getTrialBalance', 'Get the trial balance at the end of a date, or of a span', {
      querystring: TrialBalanceQuery,
      response: { 200: reportAnswer(TrialBalanceSchema) },
    }),
    async ({ query }, reply) => {
      const { asOf, from, to, format = 'json' } = query;
      const span = { from: optional(from, isoDate), to: optional(to ?? asOf, isoDate) };
      const isOfSpan = from !== undefined || to !== undefined;
      const view = trialBalanceView(
        isOfSpan
          ? await accounting.periodTrialBalance(span)
          : await accounting.trialBalance(optional(asOf, isoDate)),
      );
      if (format === 'json') return reply.send(view);
      const name = `trial-balance-${view.asOf}`;
      if (format === 'csv') return sendFile(reply, name, format, trialBalanceCsv(view));
      const { bank, nowMs } = await accounting.letterhead();
      return sendFile(reply, name, format, await printTrialBalance(view, bank, nowMs));
    },
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
