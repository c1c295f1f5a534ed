import { Type } from 'typebox';
import { choice, currency } from '#http/fields.ts';
import { fileAnswer, sendFile } from '#http/file-answers.ts';
import { operationsOf } from '#http/operations.ts';
import { closedObject } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { optional } from '#lib/text.ts';
import { SubmissionParams } from '../submission-schemas.ts';
import type { SchemeFileService } from './service.ts';

const operation = operationsOf('Payments');

const FileQuery = closedObject({
  currency: Type.Optional(currency('The payments in this currency; where there are several, it is needed.')),
  format: Type.Optional(
    choice('SubmissionFileFormat', 'The format; `pacs008`, which is pacs.008.001.08, if not given.', [
      'pacs008',
    ]),
  ),
});

/** Payments that were claimed, as the files in which they are sent. */
export function registerSchemeFileRoutes(server: HttpServer, files: SchemeFileService): void {
  server.get(
    '/v1/submissions/:id/file',
    operation('getSubmissionFile', 'Get the file in which claimed payments are sent', {
      params: SubmissionParams,
      querystring: FileQuery,
      response: {
        200: fileAnswer(
          'The file. It has the same message id, payment ids and UETRs whenever it is asked for.',
          {
            xml: 'pacs.008.001.08, in the characters of SEPA.',
          },
        ),
      },
      problems: ['nothing_to_submit', 'submission_mixed', 'bank_bic_missing', 'payment_not_writable'],
    }),
    async ({ params, query }, reply) => {
      const wanted = optional(query.currency, requireCurrency);
      const file = await files.pacs008(fromTypeId('submission', params.id), wanted);
      return sendFile(reply, params.id, 'xml', file);
    },
  );
}
