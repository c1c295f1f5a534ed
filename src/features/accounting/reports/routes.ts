import type { FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import { sendFile } from '#http/file-answers.ts';
import { operationsOf } from '#http/operations.ts';
import type { HttpServer } from '#http/server.ts';
import { notFound } from '#lib/errors.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import { REPORTS, type Report } from './layout.ts';
import {
  BalanceSheetQuery,
  BalanceSheetSchema,
  balanceSheetView,
  CashFlowSchema,
  cashFlowView,
  LayoutParams,
  LayoutSchema,
  layoutView,
  ProfitAndLossQuery,
  ProfitAndLossSchema,
  profitAndLossView,
  type ReportCurrencyView,
  reportAnswer,
  SetLayoutRequest,
  SpanQuery,
} from './schemas.ts';
import type { FinancialReport, ReportPeriod, ReportService } from './service.ts';
import { printReport, reportCsv } from './sheet.ts';

const operation = operationsOf('Accounting');

type Query = Static<typeof SpanQuery> & { readonly inBaseCurrency?: boolean };

const periodOf = (query: Query): ReportPeriod => ({
  asOf: optional(query.asOf, isoDate),
  from: optional(query.from, isoDate),
  to: optional(query.to, isoDate),
  compareFrom: optional(query.compareFrom, isoDate),
  compareTo: optional(query.compareTo, isoDate),
  currency: optional(query.currency, (code) => requireCurrency(code)),
  isInBase: query.inBaseCurrency,
});

/** Sends a report in the format that is asked for. */
async function send(
  reply: FastifyReply,
  format: Query['format'],
  report: FinancialReport,
  view: { readonly currencies: readonly ReportCurrencyView[] },
): Promise<FastifyReply> {
  if (format === undefined || format === 'json') return reply.send(view);
  const file = format === 'csv' ? reportCsv(view.currencies) : await printReport(report, view.currencies);
  return sendFile(reply, `${report.report}-${report.span.to}`, format, file);
}

/** The reports of the bank's own books, and how they are laid out. */
export function registerReportRoutes(server: HttpServer, reports: ReportService): void {
  server.get(
    '/v1/accounting/balance-sheet',
    operation('getBalanceSheet', 'Get the balance sheet at the end of a date as JSON, CSV or PDF', {
      querystring: BalanceSheetQuery,
      response: { 200: reportAnswer(BalanceSheetSchema) },
      problems: ['exchange_rate_missing'],
    }),
    async ({ query }, reply) => {
      const report = await reports.balanceSheet(periodOf(query));
      return send(reply, query.format, report, balanceSheetView(report));
    },
  );

  server.get(
    '/v1/accounting/profit-and-loss',
    operation('getProfitAndLoss', 'Get income and expenses of a span as JSON, CSV or PDF', {
      querystring: ProfitAndLossQuery,
      response: { 200: reportAnswer(ProfitAndLossSchema) },
      problems: ['exchange_rate_missing'],
    }),
    async ({ query }, reply) => {
      const report = await reports.profitAndLoss(periodOf(query));
      return send(reply, query.format, report, profitAndLossView(report));
    },
  );

  server.get(
    '/v1/accounting/cash-flow',
    operation('getCashFlow', 'Get where cash came from and went in a span as JSON, CSV or PDF', {
      querystring: SpanQuery,
      response: { 200: reportAnswer(CashFlowSchema) },
    }),
    async ({ query }, reply) => {
      const report = await reports.cashFlow(periodOf(query));
      return send(reply, query.format, report, cashFlowView(report));
    },
  );

  registerLayouts(server, reports);
}

function registerLayouts(server: HttpServer, reports: ReportService): void {
  server.get(
    '/v1/accounting/layouts/:report',
    operation('getReportLayout', 'Get how a report is laid out', {
      params: LayoutParams,
      response: { 200: LayoutSchema },
    }),
    async ({ params }) => {
      const { layout, isOwn } = await reports.layout(reportOf(params.report));
      return layoutView(params.report, layout, isOwn);
    },
  );

  server.put(
    '/v1/accounting/layouts/:report',
    operation('setReportLayout', 'Lay a report out: sections of lines, and sums', {
      params: LayoutParams,
      body: SetLayoutRequest,
      response: { 200: LayoutSchema },
    }),
    async ({ caller, params, body: { rows, cash = [] } }) => {
      const layout = await reports.setLayout(caller, reportOf(params.report), { rows, cash });
      return layoutView(params.report, layout, true);
    },
  );
}

/** Throws 404 `not_found` for another name. */
function reportOf(text: string): Report {
  const report = REPORTS.find((one) => one === text);
  if (report === undefined) throw notFound();
  return report;
}
