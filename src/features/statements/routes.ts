import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { type FileType, jsonOrFile, sendFile } from '#http/file-answers.ts';
import { idParams, numberInPath, operationsOf } from '#http/operations.ts';
import { readPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId } from '#lib/ids.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import { printSheet } from '#paper/sheet.ts';
import type { StatementDocument } from './document.ts';
import { statementError } from './errors.ts';
import { STATEMENT_FILES, type StatementFileFormat } from './formats/files.ts';
import { statementJson } from './formats/json.ts';
import {
  AccountStatementSchema,
  ListStatementsQuery,
  MakeStatementRequest,
  NumberedStatementQuery,
  PeriodStatementQuery,
  type StatementFormat,
  StatementParams,
  StatementSummarySchema,
  summaryView,
} from './schemas.ts';
import type { StatementService } from './service.ts';
import { statementSheet } from './sheet.ts';
import type { StoredStatement } from './statement.ts';

const operation = operationsOf('Statements');

/** Some 100 pages of A4: two seconds of work, and 100 MiB. */
const MAX_PDF_LINES = 5_000n;

const FILE_TYPES: Readonly<Record<StatementFileFormat, FileType>> = {
  csv: 'csv',
  csv_semicolon: 'csv',
  camt053: 'xml',
  camt052: 'xml',
  camt054: 'xml',
  mt940: 'mt940',
  ofx: 'ofx',
  ofx1: 'ofx',
};

const statementAnswer = jsonOrFile(AccountStatementSchema, 'The statement.', {
  csv: 'UTF-8, one row a line.',
  pdf: 'One or more pages.',
  xml: 'A message of ISO 20022: camt.053, camt.052 or camt.054, version 8.',
  mt940: 'One message of MT940 for each 2,000 characters.',
  ofx: 'OFX 2.2 or 1.0.3.',
});

/** Statements of accounts: of any period, and those that are numbered and kept. */
export function registerStatementRoutes(server: HttpServer, statements: StatementService): void {
  registerOfPeriod(server, statements);
  registerNumbered(server, statements);
}

function registerOfPeriod(server: HttpServer, statements: StatementService): void {
  server.get(
    '/v1/accounts/:id/statement',
    operation('getAccountStatement', 'Get the lines of a period between two balances, as JSON or as a file', {
      params: idParams('account'),
      querystring: PeriodStatementQuery,
      response: { 200: statementAnswer },
      problems: ['account_statement_too_long'],
    }),
    async ({ caller, params, query }, reply) => {
      const { from, to, format = 'json' } = query;
      const period = { from: optional(from, isoDate), to: optional(to, isoDate) };
      const statement = await statements.ofPeriod(caller, fromTypeId('account', params.id), period);
      return send(reply, statement, format, `${params.id}-statement`);
    },
  );
}

function registerNumbered(server: HttpServer, statements: StatementService): void {
  server.get(
    '/v1/accounts/:id/statements',
    operation('listAccountStatements', 'List the numbered statements of an account, newest first', {
      params: idParams('account'),
      querystring: ListStatementsQuery,
      response: { 200: pageSchema(StatementSummarySchema) },
    }),
    ({ caller, params, query }) =>
      readPage(query, {
        order: 'integer',
        placeOf: ({ number }: StoredStatement) => String(number),
        read: (limit, after) => {
          const before = optional(after, Number);
          return statements.list(caller, fromTypeId('account', params.id), { before, limit });
        },
        view: summaryView,
      }),
  );

  server.post(
    '/v1/accounts/:id/statements',
    operation('makeAccountStatement', 'Make the next numbered statement of an account now', {
      params: idParams('account'),
      body: MakeStatementRequest,
      response: { 201: StatementSummarySchema },
      problems: [
        'statement_date_open',
        'statement_exists',
        'account_statement_empty',
        'account_statement_too_long',
        'insufficient_funds',
      ],
    }),
    async ({ caller, params, body }, reply) => {
      const made = await statements.make(
        caller,
        fromTypeId('account', params.id),
        optional(body.to, isoDate),
      );
      return reply.code(201).send(summaryView(made));
    },
  );

  server.get(
    '/v1/accounts/:id/statements/:number',
    operation('getNumberedStatement', 'Get a numbered statement as it was made, as JSON or as a file', {
      params: StatementParams,
      querystring: NumberedStatementQuery,
      response: { 200: statementAnswer },
      problems: ['account_statement_too_long'],
    }),
    async ({ caller, params, query }, reply) => {
      const { id } = params;
      const number = numberInPath(params.number);
      const statement = await statements.get(caller, fromTypeId('account', id), number);
      return send(reply, statement, query.format ?? 'json', `${id}-statement-${number}`);
    },
  );
}

/** Throws 422 `account_statement_too_long` for a PDF of more than 5,000 lines. */
async function send(
  reply: FastifyReply,
  statement: StatementDocument,
  format: StatementFormat,
  name: string,
): Promise<FastifyReply> {
  if (format === 'json') {
    return reply.type('application/json; charset=utf-8').send(Readable.from(statementJson(statement)));
  }
  if (format !== 'pdf') {
    const file = Readable.from(STATEMENT_FILES[format](statement));
    const type = FILE_TYPES[format];
    return sendFile(reply, type === format ? name : `${name}-${format}`, type, file);
  }
  if (statement.lineCount > MAX_PDF_LINES) throw statementError('account_statement_too_long');
  const sheet = await statementSheet(statement);
  return sendFile(reply, name, format, await printSheet(sheet, Date.parse(statement.head.madeAt)));
}
