import type { FastifyReply } from 'fastify';
import { etagOf, IfMatchHeaders, requireIfMatch } from '#http/etag.ts';
import { decodeCursor, pageLimit, toPage } from '#http/pagination.ts';
import { isInstant, pageSchema, problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import type { AsOf } from '#ledger/balances.ts';
import { validationFailed } from '#lib/errors.ts';
import { parseIban } from '#lib/iban.ts';
import { type AccountId, fromTypeId, parseTypeId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { formatAmount, parseAmountOrZero } from '#lib/money/money.ts';
import { parseIsoDate } from '#lib/time/dates.ts';
import type { StoredAccount } from './repository.ts';
import {
  AccountParams,
  AccountSchema,
  AddHolder,
  BalanceAnswer,
  BalanceQuery,
  ChangeAccount,
  ListAccountsQuery,
  OpenAccount,
  Reason,
  RemoveHolder,
} from './schemas.ts';
import type { AccountService } from './service.ts';
import { type AccountView, accountView, balanceView } from './view.ts';

const tags = ['Accounts'];

/** Where customers keep their money. */
export function registerAccountRoutes(server: HttpServer, accounts: AccountService): void {
  registerOpening(server, accounts);
  registerReads(server, accounts);
  registerBalance(server, accounts);
  registerChange(server, accounts);
  registerStatusChanges(server, accounts);
  registerHolders(server, accounts);
}

function registerOpening(server: HttpServer, accounts: AccountService): void {
  server.post(
    '/v1/accounts',
    {
      schema: {
        operationId: 'openAccount',
        summary: 'Open an account',
        tags,
        body: OpenAccount,
        response: { 201: AccountSchema, ...problemResponses(400, 404, 409, 413, 415, 422) },
      },
    },
    async ({ caller, body }, reply) => {
      const { customerId, overdraftLimit = '0', ...rest } = body;
      const currency = requireCurrency(body.currency);
      const account = await accounts.open(caller, {
        ...rest,
        customerId: fromTypeId('customer', customerId),
        currency,
        overdraftLimitMinor: parseAmountOrZero(overdraftLimit, currency, 'overdraftLimit'),
      });
      const view = withEtag(reply, account);
      return reply.code(201).header('location', `/v1/accounts/${view.id}`).send(view);
    },
  );
}

function registerReads(server: HttpServer, accounts: AccountService): void {
  server.get(
    '/v1/accounts',
    {
      schema: {
        operationId: 'listAccounts',
        summary: 'List accounts, newest first',
        tags,
        querystring: ListAccountsQuery,
        response: { 200: pageSchema(AccountSchema), ...problemResponses(400) },
      },
    },
    async ({ caller, query }) => {
      const limit = pageLimit(query);
      const { status, externalId, cursor } = query;
      const customerId =
        query.customerId === undefined ? undefined : parseTypeId('customer', query.customerId);
      const iban = query.iban === undefined ? undefined : parseIban(query.iban);
      if (query.iban !== undefined && iban === undefined) {
        throw validationFailed({ path: 'iban', message: 'must be a valid IBAN' });
      }
      if (query.customerId !== undefined && customerId === undefined) {
        throw validationFailed({ path: 'customerId', message: 'must be the id of a customer' });
      }
      const [after] = cursor === undefined ? [] : decodeCursor(cursor, ['uuid']);
      const filter = { customerId, status, iban, externalId, after: after as AccountId | undefined };
      const rows = await accounts.list(caller, { ...filter, limit: limit + 1 });
      const page = toPage(rows, limit, ({ id }) => [id]);
      return { ...page, data: page.data.map(accountView) };
    },
  );

  server.get(
    '/v1/accounts/:id',
    {
      schema: {
        operationId: 'getAccount',
        summary: 'Get an account',
        tags,
        params: AccountParams,
        response: { 200: AccountSchema, ...problemResponses(404) },
      },
    },
    async ({ caller, params }, reply) =>
      withEtag(reply, await accounts.get(caller, fromTypeId('account', params.id))),
  );
}

function registerBalance(server: HttpServer, accounts: AccountService): void {
  server.get(
    '/v1/accounts/:id/balance',
    {
      schema: {
        operationId: 'getBalance',
        summary: 'Get the balance now, at the end of a date, or at an instant',
        tags,
        params: AccountParams,
        querystring: BalanceQuery,
        response: { 200: BalanceAnswer, ...problemResponses(400, 404) },
      },
    },
    async ({ caller, params, query }) => {
      const id = fromTypeId('account', params.id);
      if (query.asOf === undefined) {
        const { currency, funds } = await accounts.get(caller, id);
        return { accountId: params.id, currency, asOf: null, balance: balanceView(funds, currency) };
      }
      const { account, balanceMinor } = await accounts.balanceAsOf(caller, id, requireAsOf(query.asOf));
      const posted = formatAmount(balanceMinor, account.currency);
      // What was held and allowed then is not kept: only what was posted is history.
      const balance = { posted, held: null, available: null };
      return { accountId: params.id, currency: account.currency, asOf: query.asOf, balance };
    },
  );
}

function registerChange(server: HttpServer, accounts: AccountService): void {
  server.patch(
    '/v1/accounts/:id',
    {
      schema: {
        operationId: 'changeAccount',
        summary: 'Change the terms of an account',
        tags,
        params: AccountParams,
        headers: IfMatchHeaders,
        body: ChangeAccount,
        response: { 200: AccountSchema, ...problemResponses(400, 404, 409, 412, 413, 415, 422, 428) },
      },
    },
    async (request, reply) => {
      const id = fromTypeId('account', request.params.id);
      const version = requireIfMatch(request);
      const { overdraftLimit, ...changes } = request.body;
      const { currency } = await accounts.get(request.caller, id);
      const overdraftLimitMinor =
        overdraftLimit === undefined
          ? undefined
          : parseAmountOrZero(overdraftLimit, currency, 'overdraftLimit');
      const terms = { ...changes, overdraftLimitMinor };
      return withEtag(reply, await accounts.change(request.caller, id, version, terms));
    },
  );
}

const STATUS_CHANGES = [
  { verb: 'freeze', summary: 'Freeze an account: no money moves in or out' },
  { verb: 'unfreeze', summary: 'Let money move again' },
  { verb: 'close', summary: 'Close an empty account for good' },
] as const;

function registerStatusChanges(server: HttpServer, accounts: AccountService): void {
  for (const { verb, summary } of STATUS_CHANGES) {
    server.post(
      `/v1/accounts/:id/${verb}`,
      {
        schema: {
          operationId: `${verb}Account`,
          summary,
          tags,
          params: AccountParams,
          body: Reason,
          response: { 200: AccountSchema, ...problemResponses(400, 404, 409, 413, 415) },
        },
      },
      async ({ caller, params, body }, reply) =>
        withEtag(reply, await accounts[verb](caller, fromTypeId('account', params.id), body.reason)),
    );
  }
}

function registerHolders(server: HttpServer, accounts: AccountService): void {
  server.post(
    '/v1/accounts/:id/holders',
    {
      schema: {
        operationId: 'addHolder',
        summary: 'Let another customer hold the account too',
        tags,
        params: AccountParams,
        body: AddHolder,
        response: { 201: AccountSchema, ...problemResponses(400, 404, 409, 413, 415) },
      },
    },
    async ({ caller, params, body }, reply) => {
      const holder = { customerId: fromTypeId('customer', body.customerId), role: body.role };
      const account = await accounts.addHolder(caller, fromTypeId('account', params.id), holder);
      return reply.code(201).send(withEtag(reply, account));
    },
  );

  server.delete(
    '/v1/accounts/:id/holders',
    {
      schema: {
        operationId: 'removeHolder',
        summary: 'Take a holder off the account; the customer is named in the query or in the body',
        tags,
        params: AccountParams,
        querystring: RemoveHolder,
        body: RemoveHolder,
        response: { 200: AccountSchema, ...problemResponses(400, 404, 409, 413, 415, 422) },
      },
      // A DELETE comes without a body more often than with one.
      preValidation: async (request) => {
        request.body ??= {};
      },
    },
    async ({ caller, params, query, body }, reply) => {
      const customerId = query.customerId ?? body.customerId;
      if (customerId === undefined) throw validationFailed({ path: 'customerId', message: 'is required' });
      const id = fromTypeId('account', params.id);
      return withEtag(reply, await accounts.removeHolder(caller, id, fromTypeId('customer', customerId)));
    },
  );
}

/** The view of an account, and its version in the answer's ETag. */
function withEtag(reply: FastifyReply, account: StoredAccount): AccountView {
  reply.header('etag', etagOf(account.version));
  return accountView(account);
}

function requireAsOf(text: string): AsOf {
  const businessDate = parseIsoDate(text);
  if (businessDate !== undefined) return { businessDate };
  if (!isInstant(text)) throw validationFailed({ path: 'asOf', message: 'must be a date or an instant' });
  return { instantMs: Temporal.Instant.from(text).epochMilliseconds };
}
