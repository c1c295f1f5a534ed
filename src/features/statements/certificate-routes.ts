import { jsonOrFile, sendFile } from '#http/file-answers.ts';
import { idParams, operationsOf } from '#http/operations.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId } from '#lib/ids.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import { printSheet } from '#paper/sheet.ts';
import {
  BalanceConfirmationQuery,
  BalanceConfirmationSchema,
  balanceConfirmationView,
  InterestCertificateQuery,
  InterestCertificateSchema,
  interestCertificateView,
} from './certificate-schemas.ts';
import { balanceConfirmationSheet, interestCertificateSheet } from './certificate-sheet.ts';
import type { CertificateService } from './certificates.ts';

const operation = operationsOf('Statements');

const answerOf = <Schema>(schema: Schema) => jsonOrFile(schema, 'The certificate.', { pdf: 'One page.' });

/** What a bank certifies about an account. */
export function registerCertificateRoutes(server: HttpServer, certificates: CertificateService): void {
  server.get(
    '/v1/accounts/:id/interest-certificate',
    operation(
      'getInterestCertificate',
      'Get the interest, taxes and fees of a calendar year, as JSON or PDF',
      {
        params: idParams('account'),
        querystring: InterestCertificateQuery,
        response: { 200: answerOf(InterestCertificateSchema) },
      },
    ),
    async ({ caller, params, query }, reply) => {
      const certificate = await certificates.interest(caller, fromTypeId('account', params.id), query.year);
      if (query.format !== 'pdf') return reply.send(interestCertificateView(certificate));
      const file = await printSheet(interestCertificateSheet(certificate), certificate.madeAtMs);
      return sendFile(reply, `${params.id}-interest-${certificate.year}`, 'pdf', file);
    },
  );

  server.get(
    '/v1/accounts/:id/balance-confirmation',
    operation(
      'getBalanceConfirmation',
      'Get a confirmation of the balance at the end of a date, as JSON or PDF',
      {
        params: idParams('account'),
        querystring: BalanceConfirmationQuery,
        response: { 200: answerOf(BalanceConfirmationSchema) },
      },
    ),
    async ({ caller, params, query }, reply) => {
      const asOf = optional(query.asOf, isoDate);
      const confirmation = await certificates.balance(caller, fromTypeId('account', params.id), asOf);
      if (query.format !== 'pdf') return reply.send(balanceConfirmationView(confirmation));
      const file = await printSheet(balanceConfirmationSheet(confirmation), confirmation.madeAtMs);
      return sendFile(reply, `${params.id}-balance-${confirmation.asOf}`, 'pdf', file);
    },
  );
}
