import type { FastifyReply } from 'fastify';
import { etagOf, IfMatchHeaders, requireIfMatch } from '#http/etag.ts';
import { decodeCursor, PageQuery, pageLimit, toPage } from '#http/pagination.ts';
import { pageSchema, problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { validationFailed } from '#lib/errors.ts';
import { requireIban } from '#lib/iban.ts';
import { type BeneficiaryId, fromTypeId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { optional } from '#lib/text.ts';
import type { StoredBeneficiary } from './repository.ts';
import {
  BeneficiariesParams,
  BeneficiaryParams,
  BeneficiarySchema,
  ChangeBeneficiary,
  CreateBeneficiary,
} from './schemas.ts';
import type { AddBeneficiary, BeneficiaryService } from './service.ts';
import { type BeneficiaryView, beneficiaryView } from './view.ts';

const tags = ['Beneficiaries'];
const LIST = '/v1/customers/:id/beneficiaries';
const ONE = '/v1/customers/:id/beneficiaries/:beneficiaryId';

/** Whom a customer pays by name. `nowMs` tells whether one is still cooling off. */
export function registerBeneficiaryRoutes(
  server: HttpServer,
  beneficiaries: BeneficiaryService,
  nowMs: () => number,
): void {
  registerCreate(server, beneficiaries, nowMs);
  registerReads(server, beneficiaries, nowMs);
  registerChange(server, beneficiaries, nowMs);
  registerDelete(server, beneficiaries);
}

function registerCreate(server: HttpServer, beneficiaries: BeneficiaryService, nowMs: () => number): void {
  server.post(
    LIST,
    {
      schema: {
        operationId: 'createBeneficiary',
        summary: 'Add somebody whom the customer pays, by IBAN or by account of this bank',
        tags,
        params: BeneficiariesParams,
        body: CreateBeneficiary,
        response: { 201: BeneficiarySchema, ...problemResponses(400, 404, 409, 413, 415, 422) },
      },
    },
    async ({ caller, params, body }, reply) => {
      const { name, nickname, limitPerDay } = body;
      const currency = optional(body.currency, (code) => requireCurrency(code));
      const request = { name, nickname, limitPerDay, currency, payee: payeeOf(body.iban, body.accountId) };
      const customerId = fromTypeId('customer', params.id);
      const view = withEtag(reply, await beneficiaries.add(caller, customerId, request), nowMs());
      return reply
        .code(201)
        .header('location', `/v1/customers/${params.id}/beneficiaries/${view.id}`)
        .send(view);
    },
  );
}

function registerReads(server: HttpServer, beneficiaries: BeneficiaryService, nowMs: () => number): void {
  server.get(
    LIST,
    {
      schema: {
        operationId: 'listBeneficiaries',
        summary: 'List the beneficiaries of a customer, newest first',
        tags,
        params: BeneficiariesParams,
        querystring: PageQuery,
        response: { 200: pageSchema(BeneficiarySchema), ...problemResponses(400, 404) },
      },
    },
    async ({ caller, params, query }) => {
      const limit = pageLimit(query);
      const [after] = query.cursor === undefined ? [] : decodeCursor(query.cursor, ['uuid']);
      const filter = { after: after as BeneficiaryId | undefined, limit: limit + 1 };
      const rows = await beneficiaries.list(caller, fromTypeId('customer', params.id), filter);
      const page = toPage(rows, limit, ({ id }) => [id]);
      return { ...page, data: page.data.map((one) => beneficiaryView(one, nowMs())) };
    },
  );

  server.get(
    ONE,
    {
      schema: {
        operationId: 'getBeneficiary',
        summary: 'Get a beneficiary',
        tags,
        params: BeneficiaryParams,
        response: { 200: BeneficiarySchema, ...problemResponses(404) },
      },
    },
    async ({ caller, params }, reply) =>
      withEtag(reply, await beneficiaries.get(caller, ...idsOf(params)), nowMs()),
  );
}

function registerChange(server: HttpServer, beneficiaries: BeneficiaryService, nowMs: () => number): void {
  server.patch(
    ONE,
    {
      schema: {
        operationId: 'changeBeneficiary',
        summary: 'Change what a beneficiary is called, or its limit a day',
        tags,
        params: BeneficiaryParams,
        headers: IfMatchHeaders,
        body: ChangeBeneficiary,
        response: { 200: BeneficiarySchema, ...problemResponses(400, 404, 412, 413, 415, 428) },
      },
    },
    async (request, reply) => {
      const { caller, params, body } = request;
      const [customerId, id] = idsOf(params);
      const version = requireIfMatch(request);
      return withEtag(reply, await beneficiaries.change(caller, customerId, id, version, body), nowMs());
    },
  );
}

function registerDelete(server: HttpServer, beneficiaries: BeneficiaryService): void {
  server.delete(
    ONE,
    {
      schema: {
        operationId: 'deleteBeneficiary',
        summary: 'Delete a beneficiary; what was paid stays',
        tags,
        params: BeneficiaryParams,
        response: {
          204: { type: 'null', description: 'Deleted.' },
          ...problemResponses(400, 404, 413, 415),
        },
      },
    },
    async ({ caller, params }, reply) => {
      await beneficiaries.delete(caller, ...idsOf(params));
      return reply.code(204).send(null);
    },
  );
}

function idsOf({ id, beneficiaryId }: { id: string; beneficiaryId: string }) {
  return [fromTypeId('customer', id), fromTypeId('beneficiary', beneficiaryId)] as const;
}

/** Who is to be paid: exactly one of the two. Throws 400 `validation_failed`, 404 for an id of no account. */
function payeeOf(iban: string | undefined, accountId: string | undefined): AddBeneficiary['payee'] {
  if (iban !== undefined && accountId === undefined) return { iban: requireIban(iban, 'iban') };
  if (iban === undefined && accountId !== undefined) return { accountId: fromTypeId('account', accountId) };
  throw validationFailed({ path: 'iban', message: 'give one of iban and accountId' });
}

/** The view of a beneficiary, and its version in the answer's ETag. */
function withEtag(reply: FastifyReply, beneficiary: StoredBeneficiary, nowMs: number): BeneficiaryView {
  reply.header('etag', etagOf(beneficiary.version));
  return beneficiaryView(beneficiary, nowMs);
}
