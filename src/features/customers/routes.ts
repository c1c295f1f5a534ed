import { etagOf, IfMatchHeaders, requireIfMatch } from '#http/etag.ts';
import { decodeCursor, pageLimit, toPage } from '#http/pagination.ts';
import { pageSchema, problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { validationFailed } from '#lib/errors.ts';
import { type CustomerId, fromTypeId } from '#lib/ids.ts';
import { isoDate } from '#lib/time/dates.ts';
import type { Organisation, Person } from './customer.ts';
import {
  ChangeCustomer,
  CreateCustomer,
  CustomerParams,
  CustomerSchema,
  EraseCustomer,
  ListCustomersQuery,
} from './schemas.ts';
import type { CustomerService } from './service.ts';
import { customerView } from './view.ts';

const tags = ['Customers'];

/** Who banks here. */
export function registerCustomerRoutes(server: HttpServer, customers: CustomerService): void {
  registerWrites(server, customers);
  registerReads(server, customers);
  registerEnds(server, customers);
  registerErasure(server, customers);
}

function registerWrites(server: HttpServer, customers: CustomerService): void {
  server.post(
    '/v1/customers',
    {
      schema: {
        operationId: 'createCustomer',
        summary: 'Create a customer',
        tags,
        body: CreateCustomer,
        response: { 201: CustomerSchema, ...problemResponses(400, 409, 413, 415) },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const { email, phone, address, nationalId, externalId, metadata = {} } = body;
      const details = { email, phone, address, nationalId, externalId, metadata };
      const customer = await customers.create(request.caller, identityOf(body), details);
      const view = customerView(customer);
      return reply
        .code(201)
        .header('etag', etagOf(customer.version))
        .header('location', `/v1/customers/${view.id}`)
        .send(view);
    },
  );

  server.patch(
    '/v1/customers/:id',
    {
      schema: {
        operationId: 'changeCustomer',
        summary: 'Change a customer’s details',
        tags,
        params: CustomerParams,
        headers: IfMatchHeaders,
        body: ChangeCustomer,
        response: { 200: CustomerSchema, ...problemResponses(400, 404, 409, 412, 413, 415, 428) },
      },
    },
    async (request, reply) => {
      const id = fromTypeId('customer', request.params.id);
      const version = requireIfMatch(request);
      const { dateOfBirth, ...changes } = request.body;
      const born = dateOfBirth === undefined ? undefined : isoDate(dateOfBirth);
      const customer = await customers.change(request.caller, id, version, { ...changes, dateOfBirth: born });
      return reply.header('etag', etagOf(customer.version)).send(customerView(customer));
    },
  );
}

function registerReads(server: HttpServer, customers: CustomerService): void {
  server.get(
    '/v1/customers',
    {
      schema: {
        operationId: 'listCustomers',
        summary: 'List customers, newest first',
        tags,
        querystring: ListCustomersQuery,
        response: { 200: pageSchema(CustomerSchema), ...problemResponses(400) },
      },
    },
    async ({ caller, query }) => {
      const limit = pageLimit(query);
      const { status, email, externalId, q: search, cursor } = query;
      const [after] = cursor === undefined ? [] : decodeCursor(cursor, ['uuid']);
      const filter = { status, email, externalId, search, after: after as CustomerId | undefined };
      const rows = await customers.list(caller, { ...filter, limit: limit + 1 });
      const page = toPage(rows, limit, ({ id }) => [id]);
      return { ...page, data: page.data.map(customerView) };
    },
  );

  server.get(
    '/v1/customers/:id',
    {
      schema: {
        operationId: 'getCustomer',
        summary: 'Get a customer',
        tags,
        params: CustomerParams,
        response: { 200: CustomerSchema, ...problemResponses(404) },
      },
    },
    async ({ caller, params }, reply) => {
      const customer = await customers.get(caller, fromTypeId('customer', params.id));
      return reply.header('etag', etagOf(customer.version)).send(customerView(customer));
    },
  );
}

function registerEnds(server: HttpServer, customers: CustomerService): void {
  server.post(
    '/v1/customers/:id/close',
    {
      schema: {
        operationId: 'closeCustomer',
        summary: 'Close a customer who has no open accounts',
        tags,
        params: CustomerParams,
        response: { 200: CustomerSchema, ...problemResponses(400, 404, 409, 413, 415) },
      },
    },
    async ({ caller, params }, reply) => {
      const customer = await customers.close(caller, fromTypeId('customer', params.id));
      return reply.header('etag', etagOf(customer.version)).send(customerView(customer));
    },
  );

  server.delete(
    '/v1/customers/:id',
    {
      schema: {
        operationId: 'deleteCustomer',
        summary: 'Delete a customer and all that is about the person; the books stay as they are',
        tags,
        params: CustomerParams,
        response: {
          204: { type: 'null', description: 'Deleted.' },
          ...problemResponses(400, 404, 409, 413, 415),
        },
      },
    },
    async ({ caller, params }, reply) => {
      await customers.delete(caller, fromTypeId('customer', params.id));
      return reply.code(204).send(null);
    },
  );
}

function registerErasure(server: HttpServer, customers: CustomerService): void {
  server.post(
    '/v1/customers/:id/erase',
    {
      schema: {
        operationId: 'eraseCustomer',
        summary: 'Erase a closed customer: also inside the retention period, if another law asks for it',
        tags,
        params: CustomerParams,
        body: EraseCustomer,
        response: {
          204: { type: 'null', description: 'Erased.' },
          ...problemResponses(400, 404, 409, 413, 415),
        },
      },
    },
    async ({ caller, params, body }, reply) => {
      const { reason, overrideRetention = false } = body;
      await customers.erase(caller, fromTypeId('customer', params.id), { reason, overrideRetention });
      return reply.code(204).send(null);
    },
  );
}

const PERSON_FIELDS = ['givenName', 'familyName', 'dateOfBirth'] as const;
const ORGANISATION_FIELDS = ['legalName', 'registrationNumber'] as const;

function identityOf(body: CreateCustomer): Person | Organisation {
  const [due, foreign] =
    body.type === 'person' ? [PERSON_FIELDS, ORGANISATION_FIELDS] : [ORGANISATION_FIELDS, PERSON_FIELDS];
  const errors = [
    ...due.filter((path) => body[path] === undefined).map((path) => ({ path, message: 'is required' })),
    ...foreign
      .filter((path) => body[path] !== undefined)
      .map((path) => ({ path, message: `does not belong to a ${body.type}` })),
  ];
  if (errors.length > 0) throw validationFailed(...errors);
  const { givenName = '', familyName = '', dateOfBirth = '', legalName = '', registrationNumber = '' } = body;
  return body.type === 'person'
    ? { type: 'person', givenName, familyName, dateOfBirth: isoDate(dateOfBirth) }
    : { type: 'organisation', legalName, registrationNumber };
}
