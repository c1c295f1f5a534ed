import { operationsOf } from '#http/operations.ts';
import type { HttpServer } from '#http/server.ts';
import { fromTypeId } from '#lib/ids.ts';
import {
  ExemptCustomerParams,
  exemptionsView,
  givenExemptions,
  SetTaxExemptionsRequest,
  TaxExemptionsSchema,
} from './schemas.ts';
import type { TaxExemptionService } from './service.ts';

const operation = operationsOf('Interest');

/** When interest of customers bears no tax. A PUT needs no version: the list is whole, and each one is kept. */
export function registerTaxExemptionRoutes(server: HttpServer, exemptions: TaxExemptionService): void {
  server.get(
    '/v1/customers/:id/tax-exemptions',
    operation('getTaxExemptions', 'Get when interest of a customer bears no tax', {
      params: ExemptCustomerParams,
      response: { 200: TaxExemptionsSchema },
    }),
    async ({ params }) => exemptionsView(await exemptions.get(fromTypeId('customer', params.id))),
  );

  server.put(
    '/v1/customers/:id/tax-exemptions',
    operation('setTaxExemptions', 'Set when interest of a customer bears no tax, whole', {
      params: ExemptCustomerParams,
      body: SetTaxExemptionsRequest,
      response: { 200: TaxExemptionsSchema },
      problems: ['not_found'],
    }),
    async ({ caller, params, body }) =>
      exemptionsView(await exemptions.set(caller, fromTypeId('customer', params.id), givenExemptions(body))),
  );
}
