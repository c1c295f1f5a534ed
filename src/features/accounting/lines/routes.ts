import { sendFile } from '#http/file-answers.ts';
import { operationsOf } from '#http/operations.ts';
import { decodeCursor, pageLimit, toPage } from '#http/pagination.ts';
import type { HttpServer } from '#http/server.ts';
import { validationFailed } from '#lib/errors.ts';
import type { TransactionId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import { GlAccountParams } from '../chart/schemas.ts';
import { GlAccountLinesQuery, glAccountLinesAnswer, glAccountLineView } from './schemas.ts';
import type { GlLineService, LineCursor } from './service.ts';
import { linesCsv, printLines } from './sheet.ts';

const operation = operationsOf('Accounting');

/** Gathered in some 20 MB. */
const MAX_CSV_LINES = 50_000;
/** Some 100 pages of A4: two seconds of work, and 100 MiB. */
const MAX_PDF_LINES = 5_000;

/** The lines of the accounts of the chart, with a running balance. */
export function registerGlLineRoutes(server: HttpServer, lines: GlLineService): void {
  server.get(
    '/v1/accounting/gl-accounts/:code/lines',
    operation('listGlAccountLines', 'List what was posted to a line of the chart, with a running balance', {
      params: GlAccountParams,
      querystring: GlAccountLinesQuery,
      response: { 200: glAccountLinesAnswer },
      problems: ['gl_account_is_group', 'gl_lines_too_many'],
    }),
    async ({ params: { code }, query }, reply) => {
      const { format = 'json' } = query;
      const wanted = {
        code,
        currency: optional(query.currency, (text) => requireCurrency(text)),
        from: optional(query.from, isoDate),
        to: optional(query.to, isoDate),
      };
      if (format !== 'json') {
        assertNoPage(query);
        const file = await lines.file(wanted, format === 'csv' ? MAX_CSV_LINES : MAX_PDF_LINES);
        return sendFile(
          reply,
          `lines-${code}`,
          format,
          format === 'csv' ? linesCsv(file) : await printLines(file),
        );
      }
      const limit = pageLimit(query);
      const rows = await lines.list(wanted, optional(query.cursor, placeOf), limit + 1);
      const { class: accountClass } = await lines.account(code);
      const page = toPage(rows, limit, ({ date, entryId, balanceMinor }) => [
        date,
        entryId,
        String(balanceMinor),
      ]);
      return reply.send({ ...page, data: page.data.map((line) => glAccountLineView(accountClass, line)) });
    },
  );
}

/** The balance comes back from the client: whoever forges one misleads nobody else. */
function placeOf(cursor: string): LineCursor {
  const [date = '', entryId = '', balance = ''] = decodeCursor(cursor, ['date', 'uuid', 'integer']);
  return { date: isoDate(date), entryId: entryId as TransactionId, balanceMinor: BigInt(balance) };
}

/** Throws 400 `validation_failed` for a page of a file. */
function assertNoPage(query: { readonly limit?: number; readonly cursor?: string }): void {
  const given = (['limit', 'cursor'] as const).filter((name) => query[name] !== undefined);
  if (given.length === 0) return;
  throw validationFailed(...given.map((path) => ({ path, message: 'goes with format=json' })));
}
