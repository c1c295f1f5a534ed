import { etagged, IfMatchHeaders, IfNoneMatchHeaders, requireIfMatch } from '#http/etag.ts';
import { idFilter, operationsOf } from '#http/operations.ts';
import { readCreatedPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { createdOf, isByCreation } from '#ledger/created.ts';
import type { Caller } from '#lib/caller.ts';
import { validationFailed } from '#lib/errors.ts';
import { type Iban, parseIban } from '#lib/iban.ts';
import { fromTypeId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { formatAmount, parseAmountOrZero } from '#lib/money/money.ts';
import { optional } from '#lib/text.ts';
import { requireAsOf } from './as-of.ts';
import type { ListedAccount, StoredAccount } from './repository.ts';
import {
  AccountBalanceSchema,
  AccountParams,
  AccountSchema,
  AddHolderRequest,
  accountView,
  BalanceQuery,
  balanceView,
  ChangeAccountRequest,
  ChangeOwnerRequest,
  ChangeStatusRequest,
  CloseAccountRequest,
  FreezeAccountRequest,
  ListAccountsQuery,
  OpenAccountRequest,
  RemoveHolderQuery,
  RemoveHolderRequest,
} from './schemas.ts';
import type { AccountService } from './service.ts';

const operation = operationsOf('Accounts');

/** Where customers keep their money. */
export function registerAccountRoutes(server: HttpServer, accounts: AccountService): void {
  registerOpening(server, accounts);
  registerReads(server, accounts);
  registerBalance(server, accounts);
  registerChange(server, accounts);
  registerFreeze(server, accounts);
  registerStatusChanges(server, accounts);
  registerClosing(server, accounts);
  registerHolders(server, accounts);
  registerOwner(server, accounts);
}

function registerOpening(server: HttpServer, accounts: AccountService): void {
  server.post(
    '/v1/accounts',
    operation('openAccount', 'Open an account', {
      body: OpenAccountRequest,
      response: { 201: AccountSchema },
      problems: [
        'not_found',
        'account_exists',
        'account_numbers_exhausted',
        'customer_closed',
        'customer_deceased',
        'customer_details_missing',
        'customer_not_eligible',
        'overdraft_above_maximum',
        'overdraft_not_allowed',
        'product_needs_contract',
        'product_not_offered_yet',
        'product_retired',
        'unknown_product',
      ],
    }),
    async ({ caller, body }, reply) => {
      const { customerId, overdraftLimit = '0', ...rest } = body;
      const currency = requireCurrency(body.currency);
      const account = await accounts.open(caller, {
        ...rest,
        customerId: fromTypeId('customer', customerId),
        currency,
        overdraftLimitMinor: parseAmountOrZero(overdraftLimit, currency, 'overdraftLimit'),
      });
      const view = etagged(reply, account, shownTo(caller));
      return reply.code(201).header('location', `/v1/accounts/${view.id}`).send(view);
    },
  );
}

function registerReads(server: HttpServer, accounts: AccountService): void {
  server.get(
    '/v1/accounts',
    operation('listAccounts', 'List accounts, newest first', {
      querystring: ListAccountsQuery,
      response: { 200: pageSchema(AccountSchema) },
    }),
    ({ caller, query }) => {
      const { status, number, externalId, metadata } = query;
      const isUnarranged = query.overdraft === 'unarranged';
      const iban = optional(query.iban, requireIban);
      const customerId = idFilter('customer', query.customerId);
      const created = createdOf(query);
      return readCreatedPage(query, {
        isByCreation: isByCreation(created),
        placeOf: (account: ListedAccount) => account,
        read: (limit, after) =>
          accounts.page(caller, {
            customerId,
            status,
            isUnarranged,
            iban,
            number,
            externalId,
            metadata,
            ...created,
            ...after,
            limit,
          }),
        view: shownTo(caller),
      });
    },
  );

  server.get(
    '/v1/accounts/:id',
    operation('getAccount', 'Get an account', {
      params: AccountParams,
      headers: IfNoneMatchHeaders,
      response: { 200: AccountSchema },
    }),
    async ({ caller, params }, reply) =>
      etagged(reply, await accounts.get(caller, fromTypeId('account', params.id)), shownTo(caller)),
  );
}

function registerBalance(server: HttpServer, accounts: AccountService): void {
  server.get(
    '/v1/accounts/:id/balance',
    operation('getBalance', 'Get the balance now, at the end of a date, or at an instant', {
      params: AccountParams,
      querystring: BalanceQuery,
      response: { 200: AccountBalanceSchema },
    }),
    async ({ caller, params, query }) => {
      const id = fromTypeId('account', params.id);
      if (query.asOf === undefined) {
        const { currency, funds } = await accounts.balance(caller, id);
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
    operation('changeAccount', 'Change the terms of an account', {
      params: AccountParams,
      headers: IfMatchHeaders,
      body: ChangeAccountRequest,
      response: { 200: AccountSchema },
      problems: [
        'account_closed',
        'account_exists',
        'overdraft_above_maximum',
        'overdraft_in_use',
        'overdraft_not_allowed',
      ],
    }),
    async (request, reply) => {
      const id = fromTypeId('account', request.params.id);
      const version = requireIfMatch(request);
      const { overdraftLimit, ...changes } = request.body;
      const { currency } = await accounts.get(request.caller, id);
      const overdraftLimitMinor = optional(overdraftLimit, (amount) =>
        parseAmountOrZero(amount, currency, 'overdraftLimit'),
      );
      const terms = { ...changes, overdraftLimitMinor };
      return etagged(
        reply,
        await accounts.change(request.caller, id, version, terms),
        shownTo(request.caller),
      );
    },
  );
}

function registerFreeze(server: HttpServer, accounts: AccountService): void {
  server.post(
    '/v1/accounts/:id/freeze',
    operation('freezeAccount', 'Freeze an account: no money moves out, or none at all', {
      params: AccountParams,
      body: FreezeAccountRequest,
      response: { 200: AccountSchema },
      problems: ['account_closed', 'account_frozen'],
    }),
    async ({ caller, params, body }, reply) => {
      const id = fromTypeId('account', params.id);
      return etagged(reply, await accounts.freeze(caller, id, body), shownTo(caller));
    },
  );
}

const STATUS_CHANGES = [
  { verb: 'unfreeze', summary: 'Let money move again', problems: ['account_not_frozen'] },
  { verb: 'reactivate', summary: 'Make a dormant account active again', problems: ['account_not_dormant'] },
] as const;

function registerClosing(server: HttpServer, accounts: AccountService): void {
  server.post(
    '/v1/accounts/:id/closing-notice',
    operation('giveClosingNotice', 'Tell the bank that an account is to be closed', {
      params: AccountParams,
      response: { 200: AccountSchema },
      problems: ['account_closed', 'closing_notice_given'],
    }),
    async ({ caller, params }, reply) => {
      const id = fromTypeId('account', params.id);
      return etagged(reply, await accounts.giveClosingNotice(caller, id), shownTo(caller));
    },
  );

  server.post(
    '/v1/accounts/:id/close',
    operation('closeAccount', 'Close an account permanently: an empty one, or one that is paid out', {
      params: AccountParams,
      body: CloseAccountRequest,
      response: { 200: AccountSchema },
      problems: [
        'account_closed',
        'account_frozen',
        'account_not_closable_yet',
        'account_not_empty',
        'closing_notice_missing',
        'payout_not_to_owner',
      ],
    }),
    async ({ caller, params, body: { payoutTo: to, ...reasons } }, reply) => {
      const id = fromTypeId('account', params.id);
      const payoutTo = optional(to, (text) => fromTypeId('account', text));
      return etagged(reply, await accounts.close(caller, id, { ...reasons, payoutTo }), shownTo(caller));
    },
  );
}

function registerStatusChanges(server: HttpServer, accounts: AccountService): void {
  for (const { verb, summary, problems } of STATUS_CHANGES) {
    server.post(
      `/v1/accounts/:id/${verb}`,
      operation(`${verb}Account`, summary, {
        params: AccountParams,
        body: ChangeStatusRequest,
        response: { 200: AccountSchema },
        problems: ['account_closed', ...problems],
      }),
      async ({ caller, params, body }, reply) => {
        const id = fromTypeId('account', params.id);
        return etagged(reply, await accounts[verb](caller, id, body), shownTo(caller));
      },
    );
  }
}

const shownTo = (caller: Caller) => (account: StoredAccount) => accountView(caller, account);

function registerOwner(server: HttpServer, accounts: AccountService): void {
  server.post(
    '/v1/accounts/:id/owner',
    operation('changeOwner', 'Make another holder the owner, and take the one until now off the account', {
      params: AccountParams,
      body: ChangeOwnerRequest,
      response: { 200: AccountSchema },
      problems: ['account_closed', 'customer_closed', 'customer_deceased', 'holder_borrows', 'not_a_holder'],
    }),
    async ({ caller, params, body }, reply) => {
      const change = { customerId: fromTypeId('customer', body.customerId), reason: body.reason };
      const account = await accounts.changeOwner(caller, fromTypeId('account', params.id), change);
      return etagged(reply, account, shownTo(caller));
    },
  );
}

function registerHolders(server: HttpServer, accounts: AccountService): void {
  server.post(
    '/v1/accounts/:id/holders',
    operation('addHolder', 'Let another customer hold the account too', {
      params: AccountParams,
      body: AddHolderRequest,
      response: { 201: AccountSchema },
      problems: [
        'account_closed',
        'customer_closed',
        'customer_deceased',
        'holder_exists',
        'too_many_holders',
      ],
    }),
    async ({ caller, params, body }, reply) => {
      const holder = { customerId: fromTypeId('customer', body.customerId), role: body.role };
      const account = await accounts.addHolder(caller, fromTypeId('account', params.id), holder);
      return reply.code(201).send(etagged(reply, account, shownTo(caller)));
    },
  );

  server.delete(
    '/v1/accounts/:id/holders',
    {
      ...operation(
        'removeHolder',
        'Take a holder off the account; the customer is named in the query or in the body',
        {
          params: AccountParams,
          querystring: RemoveHolderQuery,
          body: RemoveHolderRequest,
          response: { 200: AccountSchema },
          problems: ['account_closed', 'holder_borrows', 'owner_stays'],
        },
      ),
      // A DELETE comes without a body more often than with one.
      preValidation: async (request) => {
        request.body ??= {};
      },
    },
    async ({ caller, params, query, body }, reply) => {
      const customerId = query.customerId ?? body.customerId;
      if (customerId === undefined) throw validationFailed({ path: 'customerId', message: 'is required' });
      const id = fromTypeId('account', params.id);
      const account = await accounts.removeHolder(caller, id, fromTypeId('customer', customerId));
      return etagged(reply, account, shownTo(caller));
    },
  );
}

function requireIban(text: string): Iban {
  const iban = parseIban(text);
  if (iban === undefined) throw validationFailed({ path: 'iban', message: 'must be a valid IBAN' });
  return iban;
}
