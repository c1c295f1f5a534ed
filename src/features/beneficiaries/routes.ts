import type { Static } from 'typebox';
import { etagged, IfMatchHeaders, IfNoneMatchHeaders, requireIfMatch } from '#http/etag.ts';
import { operationsOf } from '#http/operations.ts';
import { readPage } from '#http/pagination.ts';
import { payeeAccountOf } from '#http/payee-account.ts';
import { nothing, pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { validationFailed } from '#lib/errors.ts';
import { requireIban } from '#lib/iban.ts';
import { fromTypeId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { optional } from '#lib/text.ts';
import type { StoredBeneficiary } from './repository.ts';
import {
  BeneficiariesParams,
  BeneficiaryParams,
  BeneficiarySchema,
  type BeneficiaryView,
  beneficiaryView,
  ChangeBeneficiaryRequest,
  CreateBeneficiaryRequest,
  DeleteBeneficiaryQuery,
  ListBeneficiariesQuery,
} from './schemas.ts';
import type { AddBeneficiary, BeneficiaryService } from './service.ts';

const operation = operationsOf('Beneficiaries');
const LIST = '/v1/customers/:id/beneficiaries';
const ONE = '/v1/customers/:id/beneficiaries/:beneficiaryId';

/** Whom a customer pays by name. `nowMs` tells whether one is still cooling off. */
export function registerBeneficiaryRoutes(
  server: HttpServer,
  beneficiaries: BeneficiaryService,
  nowMs: () => number,
): void {
  const view = (one: StoredBeneficiary): BeneficiaryView => beneficiaryView(one, nowMs());
  registerCreate(server, beneficiaries, view);
  registerReads(server, beneficiaries, view);
  registerChanges(server, beneficiaries, view);
}

type View = (beneficiary: StoredBeneficiary) => BeneficiaryView;

function registerCreate(server: HttpServer, beneficiaries: BeneficiaryService, shown: View): void {
  server.post(
    LIST,
    operation(
      'createBeneficiary',
      'Add somebody whom the customer pays, by IBAN, bank code and number, or account of this bank',
      {
        params: BeneficiariesParams,
        body: CreateBeneficiaryRequest,
        response: { 201: BeneficiarySchema },
        problems: [
          'account_without_iban',
          'beneficiary_exists',
          'customer_closed',
          'customer_deceased',
          'external_id_exists',
          'unknown_payee',
        ],
      },
    ),
    async ({ caller, params, body }, reply) => {
      const { name, nickname, limitPerDay, externalId, metadata } = body;
      const currency = optional(body.currency, (code) => requireCurrency(code));
      const details = { name, nickname, limitPerDay, externalId, metadata };
      const request = { ...details, currency, payee: payeeOf(body) };
      const customerId = fromTypeId('customer', params.id);
      const view = etagged(reply, await beneficiaries.add(caller, customerId, request), shown);
      const location = `/v1/customers/${params.id}/beneficiaries/${view.id}`;
      return reply.code(201).header('location', location).send(view);
    },
  );
}

function registerReads(server: HttpServer, beneficiaries: BeneficiaryService, view: View): void {
  server.get(
    LIST,
    operation('listBeneficiaries', 'List the beneficiaries of a customer, newest first', {
      params: BeneficiariesParams,
      querystring: ListBeneficiariesQuery,
      response: { 200: pageSchema(BeneficiarySchema) },
    }),
    ({ caller, params, query }) =>
      readPage(query, {
        order: 'uuid',
        placeOf: ({ id }: StoredBeneficiary) => id,
        read: (limit, after) =>
          beneficiaries.list(caller, fromTypeId('customer', params.id), {
            externalId: query.externalId,
            metadata: query.metadata,
            after,
            limit,
          }),
        view,
      }),
  );

  server.get(
    ONE,
    operation('getBeneficiary', 'Get a beneficiary', {
      params: BeneficiaryParams,
      headers: IfNoneMatchHeaders,
      response: { 200: BeneficiarySchema },
    }),
    async ({ caller, params }, reply) =>
      etagged(reply, await beneficiaries.get(caller, ...idsOf(params)), view),
  );
}

function registerChanges(server: HttpServer, beneficiaries: BeneficiaryService, view: View): void {
  server.patch(
    ONE,
    operation('changeBeneficiary', 'Change what a beneficiary is called, its limit a day, or its labels', {
      params: BeneficiaryParams,
      headers: IfMatchHeaders,
      body: ChangeBeneficiaryRequest,
      response: { 200: BeneficiarySchema },
      problems: ['external_id_exists'],
    }),
    async (request, reply) => {
      const { caller, params, body } = request;
      const [customerId, id] = idsOf(params);
      const version = requireIfMatch(request);
      return etagged(reply, await beneficiaries.change(caller, customerId, id, version, body), view);
    },
  );

  server.delete(
    ONE,
    operation('deleteBeneficiary', 'Delete a beneficiary; what was paid stays', {
      params: BeneficiaryParams,
      querystring: DeleteBeneficiaryQuery,
      response: { 204: nothing('Deleted.') },
      problems: ['beneficiary_in_use'],
    }),
    async ({ caller, params, query }, reply) => {
      await beneficiaries.delete(caller, ...idsOf(params), query);
      return reply.code(204).send(null);
    },
  );
}

function idsOf({ id, beneficiaryId }: { id: string; beneficiaryId: string }) {
  return [fromTypeId('customer', id), fromTypeId('beneficiary', beneficiaryId)] as const;
}

/** The payee: exactly one of the three. Throws 400 `validation_failed`, 404 for an id of no account. */
function payeeOf({
  iban,
  account,
  accountId,
}: Static<typeof CreateBeneficiaryRequest>): AddBeneficiary['payee'] {
  if ([iban, account, accountId].filter((one) => one !== undefined).length !== 1) {
    throw validationFailed({ path: 'iban', message: 'give one of iban, account and accountId' });
  }
  if (iban !== undefined) return { iban: requireIban(iban, 'iban') };
  if (account !== undefined) return payeeAccountOf(account, 'account');
  return { accountId: fromTypeId('account', accountId ?? '') };
}
