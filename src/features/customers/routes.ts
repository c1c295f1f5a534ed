import type { Static } from 'typebox';
import { etagged, IfMatchHeaders, IfNoneMatchHeaders, requireIfMatch } from '#http/etag.ts';
import { operationsOf } from '#http/operations.ts';
import { readCreatedPage } from '#http/pagination.ts';
import { nothing, pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { createdOf, isByCreation } from '#ledger/created.ts';
import { fromTypeId } from '#lib/ids.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import { requireJudged } from '#lib/unjudged.ts';
import type { CustomerChanges, CustomerDetails, Organisation, Person } from './customer.ts';
import type { ListedCustomer } from './repository.ts';
import {
  ChangeCustomerRequest,
  CreateCustomerRequest,
  CustomerParams,
  CustomerSchema,
  customerView,
  EraseCustomerRequest,
  ListCustomersQuery,
  ReportDeathRequest,
  WithdrawDeathReportRequest,
} from './schemas.ts';
import type { CustomerService } from './service.ts';

const operation = operationsOf('Customers');

/** What keeps a customer from leaving. */
const HELD_BACK = [
  'account_serves_loan_of_others',
  'customer_has_active_loans',
  'customer_has_attachments',
  'customer_has_balances',
  'customer_has_joint_accounts',
];

/** Who banks here. */
export function registerCustomerRoutes(server: HttpServer, customers: CustomerService): void {
  registerWrites(server, customers);
  registerReads(server, customers);
  registerDeath(server, customers);
  registerEnds(server, customers);
}

function registerWrites(server: HttpServer, customers: CustomerService): void {
  server.post(
    '/v1/customers',
    operation('createCustomer', 'Create a customer', {
      body: CreateCustomerRequest,
      response: { 201: CustomerSchema },
      problems: ['customer_exists'],
    }),
    async ({ caller, body }, reply) => {
      const customer = await customers.create(caller, identityOf(body), detailsOf(body));
      const view = etagged(reply, customer, customerView);
      return reply.code(201).header('location', `/v1/customers/${view.id}`).send(view);
    },
  );

  server.patch(
    '/v1/customers/:id',
    operation('changeCustomer', 'Change a customer’s details', {
      params: CustomerParams,
      headers: IfMatchHeaders,
      body: ChangeCustomerRequest,
      response: { 200: CustomerSchema },
      problems: ['customer_closed', 'customer_exists'],
    }),
    async (request, reply) => {
      const id = fromTypeId('customer', request.params.id);
      const version = requireIfMatch(request);
      const changes = changesOf(request.body);
      return etagged(reply, await customers.change(request.caller, id, version, changes), customerView);
    },
  );
}

function changesOf({ dateOfBirth, ...changes }: Static<typeof ChangeCustomerRequest>): CustomerChanges {
  return { ...changes, dateOfBirth: optional(dateOfBirth, isoDate) };
}

function detailsOf(body: CreateCustomerRequest): CustomerDetails {
  const { email, phone, address, nationalId, identifiers, externalId, metadata = {} } = body;
  return { email, phone, address, nationalId, identifiers, externalId, metadata };
}

function registerReads(server: HttpServer, customers: CustomerService): void {
  server.get(
    '/v1/customers',
    operation('listCustomers', 'List customers, newest first', {
      querystring: ListCustomersQuery,
      response: { 200: pageSchema(CustomerSchema) },
    }),
    ({ caller, query }) => {
      const { status, email, externalId, metadata, q: search } = query;
      const created = createdOf(query);
      return readCreatedPage(query, {
        isByCreation: search === undefined && isByCreation(created),
        placeOf: (customer: ListedCustomer) => customer,
        read: (limit, after) =>
          customers.page(caller, {
            status,
            email,
            externalId,
            metadata,
            search,
            ...created,
            ...after,
            limit,
          }),
        view: customerView,
      });
    },
  );

  server.get(
    '/v1/customers/:id',
    {
      config: { isWholeInVersion: true },
      ...operation('getCustomer', 'Get a customer', {
        params: CustomerParams,
        headers: IfNoneMatchHeaders,
        response: { 200: CustomerSchema },
      }),
    },
    async ({ caller, params }, reply) =>
      etagged(reply, await customers.get(caller, fromTypeId('customer', params.id)), customerView),
  );
}

function registerDeath(server: HttpServer, customers: CustomerService): void {
  server.post(
    '/v1/customers/:id/report-death',
    operation(
      'reportDeath',
      'Take note that a customer has died: accounts that nobody alive owns pay nothing',
      {
        params: CustomerParams,
        body: ReportDeathRequest,
        response: { 200: CustomerSchema },
        problems: ['customer_closed', 'customer_deceased', 'customer_not_a_person'],
      },
    ),
    async ({ caller, params, body }, reply) => {
      const report = { deceasedOn: isoDate(body.deceasedOn), reason: body.reason };
      const customer = await customers.reportDeath(caller, fromTypeId('customer', params.id), report);
      return etagged(reply, customer, customerView);
    },
  );

  server.post(
    '/v1/customers/:id/withdraw-death-report',
    operation('withdrawDeathReport', 'Take back the report of a death that was a mistake', {
      params: CustomerParams,
      body: WithdrawDeathReportRequest,
      response: { 200: CustomerSchema },
      problems: ['customer_closed', 'customer_not_deceased'],
    }),
    async ({ caller, params, body }, reply) => {
      const id = fromTypeId('customer', params.id);
      return etagged(reply, await customers.withdrawDeathReport(caller, id, body.reason), customerView);
    },
  );
}

function registerEnds(server: HttpServer, customers: CustomerService): void {
  server.post(
    '/v1/customers/:id/close',
    operation('closeCustomer', 'Close a customer who has no open accounts', {
      params: CustomerParams,
      response: { 200: CustomerSchema },
      problems: ['customer_closed', 'customer_has_active_loans', 'customer_has_open_accounts'],
    }),
    async ({ caller, params }, reply) =>
      etagged(reply, await customers.close(caller, fromTypeId('customer', params.id)), customerView),
  );

  server.delete(
    '/v1/customers/:id',
    operation(
      'deleteCustomer',
      'Delete a customer and all that is about the person; the books stay as they are',
      {
        params: CustomerParams,
        response: { 204: nothing('Deleted.') },
        problems: [...HELD_BACK, 'retention_period'],
      },
    ),
    async ({ caller, params }, reply) => {
      await customers.delete(caller, fromTypeId('customer', params.id));
      return reply.code(204).send(null);
    },
  );

  server.post(
    '/v1/customers/:id/erase',
    operation(
      'eraseCustomer',
      'Erase a closed customer: also inside the retention period, if another law asks for it',
      {
        params: CustomerParams,
        body: EraseCustomerRequest,
        response: { 204: nothing('Erased.') },
        problems: [...HELD_BACK, 'customer_not_closed', 'retention_period'],
      },
    ),
    async ({ caller, params, body }, reply) => {
      const { reason, overrideRetention = false } = body;
      await customers.erase(caller, fromTypeId('customer', params.id), { reason, overrideRetention });
      return reply.code(204).send(null);
    },
  );
}

function identityOf(body: CreateCustomerRequest): Person | Organisation {
  requireJudged(body.type);
  if (body.type === 'organisation') {
    const { type, legalName, registrationNumber } = body;
    return { type, legalName, registrationNumber };
  }
  const { type, givenName, familyName, dateOfBirth } = body;
  return { type, givenName, familyName, dateOfBirth: isoDate(dateOfBirth) };
}
