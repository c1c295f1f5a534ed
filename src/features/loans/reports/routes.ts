import { jsonOrFile, sendFile } from '#http/file-answers.ts';
import { operationsOf } from '#http/operations.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId } from '#lib/ids.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import { LoanParams } from '../schemas.ts';
import { portfolioView } from './portfolio.ts';
import { LoanStatementSchema, PortfolioQuery, PortfolioSchema, StatementQuery } from './schemas.ts';
import type { LoanReportService } from './service.ts';
import { loanStatementView } from './statement.ts';
import { loanStatementCsv } from './statement-csv.ts';
import { printStatement } from './statement-pdf.ts';
import { statementSheet } from './statement-sheet.ts';

const operation = operationsOf('Loans');

const statementAnswer = jsonOrFile(LoanStatementSchema, 'The statement.', {
  csv: 'UTF-8, one row a transaction.',
  pdf: 'One or more pages.',
});

/** What is read of loans beyond the loan itself: statements, and the portfolio. */
export function registerLoanReportRoutes(server: HttpServer, reports: LoanReportService): void {
  server.get(
    '/v1/loans/:id/statement',
    operation('getLoanStatement', 'Get the statement of a loan as JSON, CSV or PDF', {
      params: LoanParams,
      querystring: StatementQuery,
      response: { 200: statementAnswer },
      problems: ['statement_too_long'],
    }),
    async ({ caller, params, query }, reply) => {
      const { from, to, format = 'json' } = query;
      const period = { from: optional(from, isoDate), to: optional(to, isoDate) };
      const statement = await reports.statement(caller, fromTypeId('loan', params.id), period);
      const view = loanStatementView(statement);
      if (format === 'json') return reply.send(view);
      const file =
        format === 'csv'
          ? loanStatementCsv(view)
          : await printStatement(statementSheet(view), view.bank, statement.createdAtMs);
      return sendFile(reply, `${params.id}-statement`, format, file);
    },
  );

  server.get(
    '/v1/loans/portfolio',
    operation(
      'getLoanPortfolio',
      'Get what is lent at the end of a date: by product, arrears, at risk, provisions',
      {
        querystring: PortfolioQuery,
        response: { 200: PortfolioSchema },
        problems: ['date_not_kept'],
      },
    ),
    async ({ query }) => portfolioView(await reports.portfolio(optional(query.asOf, isoDate))),
  );
}
