import { CustomerParams } from '#features/customers/schemas.ts';
import { jsonOrFile, sendFile } from '#http/file-answers.ts';
import { operationsOf } from '#http/operations.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId } from '#lib/ids.ts';
import type { Services } from '../services.ts';
import { collectCustomer } from './collect.ts';
import { printExport } from './print-export.ts';
import { CustomerExportSchema, ExportQuery } from './schemas.ts';

const operation = operationsOf('Customers');

const exportAnswer = jsonOrFile(CustomerExportSchema, 'Everything about the customer.', {
  pdf: 'One or more pages.',
});

/** What a customer may ask for: everything that the bank keeps about them, for a program and to be read. */
export function registerCustomerExport(server: HttpServer, services: Services): void {
  server.get(
    '/v1/customers/:id/export',
    operation('exportCustomer', 'Get everything about a customer as JSON or PDF', {
      params: CustomerParams,
      querystring: ExportQuery,
      response: { 200: exportAnswer },
    }),
    async ({ caller, params, query }, reply) => {
      const found = await collectCustomer(services, caller, fromTypeId('customer', params.id));
      if (query.format !== 'pdf') return reply.send(found);
      return sendFile(reply, params.id, 'pdf', await printExport(found));
    },
  );
}
