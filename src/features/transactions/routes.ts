import type { Static } from 'typebox';
import { admit, refuseAhead } from '#http/admit.ts';
import { amountFilterOf } from '#http/amount-filters.ts';
import { requireIdempotencyKey } from '#http/idempotency.ts';
import { idFilter, idParams, operationsOf } from '#http/operations.ts';
import { readPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { checkAll } from '#lib/check-all.ts';
import { requireIban } from '#lib/iban.ts';
import { fromTypeId } from '#lib/ids.ts';
import { parseAmount, parseBound } from '#lib/money/money.ts';
import { optional } from '#lib/text.ts';
import { isoDate } from '#lib/time/dates.ts';
import { registerEstateRoutes } from './estate-routes.ts';
import { type AccountLine, isFoundBySeq } from './lines.ts';
import { created, MOVEMENT_PROBLEMS, moneyOf, moving, PAYMENT_PROBLEMS } from './moving-routes.ts';
import { payeeOf } from './payee-schemas.ts';
import {
  AccountLineSchema,
  CashRequest,
  ListLinesQuery,
  ListTransactionsQuery,
  lineView,
  ReverseTransactionRequest,
  TransactionParams,
  TransactionSchema,
  TransferRequest,
  transactionView,
} from './schemas.ts';
import { assertNoPlace, readInSequence } from './sequence-routes.ts';
import type { TransactionService } from './service.ts';
import type { Transaction } from './transaction.ts';

const operation = operationsOf('Transactions');

/** Money in, money out, money moved, and the outcome of it. */
export function registerTransactionRoutes(server: HttpServer, transactions: TransactionService): void {
  refuseAhead(server, [...CASH_CALLS.map(({ url }) => url), '/v1/transfers'], transactions);
  registerCash(server, transactions);
  registerTransfer(server, transactions);
  registerReverse(server, transactions);
  registerEstateRoutes(server, transactions);
  registerReads(server, transactions);
  registerLines(server, transactions);
}

const CASH_CALLS = [
  {
    url: '/v1/deposits',
    verb: 'deposit',
    summary: 'Pay money into an account',
    problems: [...MOVEMENT_PROBLEMS, 'period_closed'],
  },
  {
    url: '/v1/withdrawals',
    verb: 'withdraw',
    summary: 'Pay money out of an account',
    problems: [...PAYMENT_PROBLEMS, 'period_closed'],
  },
] as const;

function registerCash(server: HttpServer, transactions: TransactionService): void {
  for (const { url, verb, summary, problems } of CASH_CALLS) {
    server.post(
      url,
      {
        onRequest: admit(transactions),
        config: {
          judge: ({ valueDate }: Static<typeof CashRequest>) =>
            transactions.judgeValueDate(optional(valueDate, isoDate)),
        },
        ...operation(verb, summary, { body: CashRequest, ...moving, problems }),
      },
      async (request, reply) => {
        const { accountId, mode, valueDate, ...money } = request.body;
        const answer = await transactions[verb]({
          ...moneyOf(request, money),
          accountId: fromTypeId('account', accountId),
          mode,
          valueDate: optional(valueDate, isoDate),
        });
        return created(reply, answer);
      },
    );
  }
}

function registerTransfer(server: HttpServer, transactions: TransactionService): void {
  server.post(
    '/v1/transfers',
    {
      onRequest: admit(transactions),
      ...operation('transfer', 'Move money to another account, of this bank or another', {
        body: TransferRequest,
        ...moving,
        problems: [
          ...PAYMENT_PROBLEMS,
          'beneficiary_cooling_off',
          'same_account',
          'unknown_payee',
          'payee_name_required',
        ],
      }),
    },
    async (request, reply) => {
      const { fromAccountId, toAccountId, toIban, toAccount, toName, beneficiaryId, ...money } = request.body;
      const checked = checkAll({
        money: () => moneyOf(request, money),
        to: () => payeeOf({ toAccountId, toIban, toAccount, toName, beneficiaryId }),
      });
      const answer = await transactions.transfer({
        ...checked.money,
        fromAccountId: fromTypeId('account', fromAccountId),
        to: checked.to,
      });
      return created(reply, answer);
    },
  );
}

function registerReverse(server: HttpServer, transactions: TransactionService): void {
  server.post(
    '/v1/transactions/:id/reverse',
    {
      onRequest: admit(transactions),
      ...operation('reverseTransaction', 'Take a transaction, or a part of it, back with a linked one', {
        params: TransactionParams,
        body: ReverseTransactionRequest,
        ...moving,
        problems: [
          ...PAYMENT_PROBLEMS,
          'already_reversed',
          'not_reversible',
          'not_reversible_in_part',
          'period_closed',
          'reversal_exceeds_rest',
          'reversal_requires_manager',
        ],
      }),
    },
    async (request, reply) => {
      const { caller, params, body } = request;
      const idempotencyKey = requireIdempotencyKey(request);
      const transactionId = fromTypeId('transaction', params.id);
      const { amount, valueDate, ...why } = body;
      const amountMinor =
        amount === undefined
          ? undefined
          : parseAmount(amount, (await transactions.get(caller, transactionId)).state.currency);
      const answer = await transactions.reverse({
        caller,
        idempotencyKey,
        transactionId,
        amountMinor,
        valueDate: optional(valueDate, isoDate),
        ...why,
      });
      return created(reply, answer);
    },
  );
}

function registerReads(server: HttpServer, transactions: TransactionService): void {
  server.get(
    '/v1/transactions',
    operation('listTransactions', 'Search transactions, newest first, or read all in the order of commits', {
      querystring: ListTransactionsQuery,
      response: { 200: pageSchema(TransactionSchema) },
    }),
    ({ caller, query }) => {
      if (query.order === 'sequence') return readInSequence(transactions, caller, query);
      assertNoPlace(query);
      const { type, status, settlement, reference, externalId, metadata, counterpartyName } = query;
      return readPage(query, {
        order: 'uuid',
        placeOf: ({ state }: Transaction) => state.id,
        read: async (limit, after) => {
          const accountId = idFilter('account', query.accountId);
          const reverses = idFilter('transaction', query.reverses, 'reverses');
          const filter = {
            ...periodOf(query),
            accountId,
            type,
            status,
            settlement,
            reverses,
            reference,
            externalId,
            metadata,
            counterpartyName,
            counterpartyIban: optional(query.counterpartyIban, (text) =>
              requireIban(text, 'counterpartyIban'),
            ),
            ...amountFilterOf(query),
          };
          return transactions.searches.transactions(caller, { ...filter, after, limit });
        },
        view: transactionView,
      });
    },
  );

  server.get(
    '/v1/transactions/:id',
    operation('getTransaction', 'Get a transaction', {
      params: TransactionParams,
      response: { 200: TransactionSchema },
    }),
    async ({ caller, params }) =>
      transactionView(await transactions.get(caller, fromTypeId('transaction', params.id))),
  );
}

function registerLines(server: HttpServer, transactions: TransactionService): void {
  server.get(
    '/v1/accounts/:id/transactions',
    operation(
      'listAccountTransactions',
      'List the lines of an account, newest first, with the balance after each',
      {
        params: idParams('account'),
        querystring: ListLinesQuery,
        response: { 200: pageSchema(AccountLineSchema) },
      },
    ),
    ({ caller, params, query }) =>
      readPage(query, {
        order: 'integer',
        placeOf: ({ seq }: AccountLine) => seq.toString(),
        read: async (limit, before) => {
          const accountId = fromTypeId('account', params.id);
          const minor = async (text: string | undefined, path: string): Promise<bigint | undefined> =>
            text === undefined
              ? undefined
              : parseBound(text, await transactions.currencyOf(caller, accountId), path);
          const filter = {
            ...periodOf(query),
            type: query.type,
            minAmountMinor: await minor(query.minAmount, 'minAmount'),
            maxAmountMinor: await minor(query.maxAmount, 'maxAmount'),
            counterpartyName: query.counterpartyName,
            counterpartyIban: optional(query.counterpartyIban, (text) =>
              requireIban(text, 'counterpartyIban'),
            ),
            beforeSeq: optional(before, BigInt),
            limit,
          };
          if (isFoundBySeq(filter)) return transactions.listLines(caller, accountId, filter);
          const { rows, soughtThrough } = await transactions.searches.lines(caller, accountId, filter);
          return { rows, soughtThrough: soughtThrough?.toString() };
        },
        view: lineView,
      }),
  );
}

function periodOf({ from, to }: { from?: string; to?: string }) {
  return { from: optional(from, isoDate), to: optional(to, isoDate) };
}
