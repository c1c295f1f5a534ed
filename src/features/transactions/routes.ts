import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { admit, refuseAhead } from '#http/admit.ts';
import { IdempotencyHeaders, requireIdempotencyKey } from '#http/idempotency.ts';
import { decodeCursor, pageLimit, toPage } from '#http/pagination.ts';
import { pageSchema, problemResponses } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { validationFailed } from '#lib/errors.ts';
import { fromTypeId, parseTypeId, type TransactionId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { parseAmount, parseAmountOrZero } from '#lib/money/money.ts';
import { isoDate } from '#lib/time/dates.ts';
import { payeeOf } from './request-values.ts';
import {
  CashRequest,
  LineSchema,
  LinesParams,
  ListLinesQuery,
  ListTransactionsQuery,
  ReverseRequest,
  TransactionParams,
  TransactionSchema,
  TransferRequest,
} from './schemas.ts';
import type { Answer, TransactionService } from './service.ts';
import { lineView, type TransactionView, transactionView } from './view.ts';

const tags = ['Transactions'];

/** Money in, money out, money moved, and what became of it. */
export function registerTransactionRoutes(server: HttpServer, transactions: TransactionService): void {
  refuseAhead(server, [...CASH_CALLS.map(({ url }) => url), '/v1/transfers'], transactions);
  registerCash(server, transactions);
  registerTransfer(server, transactions);
  registerReverse(server, transactions);
  registerReads(server, transactions);
  registerLines(server, transactions);
}

/** What all calls that move money have in common. */
const moving = {
  tags,
  headers: IdempotencyHeaders,
  response: { 201: TransactionSchema, ...problemResponses(400, 404, 409, 413, 415, 422) },
};

const CASH_CALLS = [
  { url: '/v1/deposits', verb: 'deposit', summary: 'Pay money into an account' },
  { url: '/v1/withdrawals', verb: 'withdraw', summary: 'Pay money out of an account' },
] as const;

function registerCash(server: HttpServer, transactions: TransactionService): void {
  for (const { url, verb, summary } of CASH_CALLS) {
    server.post(
      url,
      {
        onRequest: admit(transactions),
        schema: { operationId: verb, summary, body: CashRequest, ...moving },
      },
      async (request, reply) => {
        const { accountId, mode, valueDate, ...money } = request.body;
        const answer = await transactions[verb]({
          ...moneyOf(request, money),
          accountId: fromTypeId('account', accountId),
          mode,
          valueDate: valueDate === undefined ? undefined : isoDate(valueDate),
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
      schema: {
        operationId: 'transfer',
        summary: 'Move money to another account, of this bank or another',
        body: TransferRequest,
        ...moving,
      },
    },
    async (request, reply) => {
      const { fromAccountId, toAccountId, toIban, beneficiaryId, ...money } = request.body;
      const answer = await transactions.transfer({
        ...moneyOf(request, money),
        fromAccountId: fromTypeId('account', fromAccountId),
        to: payeeOf({ toAccountId, toIban, beneficiaryId }),
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
      schema: {
        operationId: 'reverseTransaction',
        summary: 'Take a transaction back with a linked one, once',
        params: TransactionParams,
        body: ReverseRequest,
        ...moving,
      },
    },
    async (request, reply) => {
      const answer = await transactions.reverse({
        caller: request.caller,
        idempotencyKey: requireIdempotencyKey(request),
        transactionId: fromTypeId('transaction', request.params.id),
        reason: request.body.reason,
      });
      return created(reply, answer);
    },
  );
}

function registerReads(server: HttpServer, transactions: TransactionService): void {
  server.get(
    '/v1/transactions',
    {
      schema: {
        operationId: 'listTransactions',
        summary: 'Search transactions, newest first',
        tags,
        querystring: ListTransactionsQuery,
        response: { 200: pageSchema(TransactionSchema), ...problemResponses(400) },
      },
    },
    async ({ caller, query }) => {
      const limit = pageLimit(query);
      const { type, status, settlement, reference, cursor } = query;
      const [after] = cursor === undefined ? [] : decodeCursor(cursor, ['uuid']);
      const filter = {
        ...periodOf(query),
        type,
        status,
        settlement,
        reference,
        after: after as TransactionId | undefined,
      };
      const accountId = query.accountId === undefined ? undefined : parseTypeId('account', query.accountId);
      if (query.accountId !== undefined && accountId === undefined) {
        throw validationFailed({ path: 'accountId', message: 'must be the id of an account' });
      }
      const rows = await transactions.list(caller, { ...filter, accountId, limit: limit + 1 });
      const page = toPage(rows, limit, ({ state }) => [state.id]);
      return { ...page, data: page.data.map(transactionView) };
    },
  );

  server.get(
    '/v1/transactions/:id',
    {
      schema: {
        operationId: 'getTransaction',
        summary: 'Get a transaction',
        tags,
        params: TransactionParams,
        response: { 200: TransactionSchema, ...problemResponses(404) },
      },
    },
    async ({ caller, params }) =>
      transactionView(await transactions.get(caller, fromTypeId('transaction', params.id))),
  );
}

function registerLines(server: HttpServer, transactions: TransactionService): void {
  server.get(
    '/v1/accounts/:id/transactions',
    {
      schema: {
        operationId: 'listAccountTransactions',
        summary: 'List the lines of an account, newest first, with the balance after each',
        tags,
        params: LinesParams,
        querystring: ListLinesQuery,
        response: { 200: pageSchema(LineSchema), ...problemResponses(400, 404) },
      },
    },
    async ({ caller, params, query }) => {
      const limit = pageLimit(query);
      const [before] = query.cursor === undefined ? [] : decodeCursor(query.cursor, ['integer']);
      const accountId = fromTypeId('account', params.id);
      const amount = async (text: string | undefined, path: string): Promise<bigint | undefined> =>
        text === undefined
          ? undefined
          : parseAmountOrZero(text, await transactions.currencyOf(caller, accountId), path);
      const rows = await transactions.listLines(caller, accountId, {
        ...periodOf(query),
        type: query.type,
        minAmountMinor: await amount(query.minAmount, 'minAmount'),
        maxAmountMinor: await amount(query.maxAmount, 'maxAmount'),
        beforeSeq: before === undefined ? undefined : BigInt(before),
        limit: limit + 1,
      });
      const page = toPage(rows, limit, ({ seq }) => [seq.toString()]);
      return { ...page, data: page.data.map(lineView) };
    },
  );
}

type MoneyBody = Pick<Static<typeof TransferRequest>, 'amount' | 'currency' | 'reference' | 'description'>;

function moneyOf(request: FastifyRequest, { amount, currency: code, ...texts }: MoneyBody) {
  const idempotencyKey = requireIdempotencyKey(request);
  const currency = requireCurrency(code);
  return {
    ...texts,
    caller: request.caller,
    idempotencyKey,
    currency,
    amountMinor: parseAmount(amount, currency),
  };
}

function periodOf({ from, to }: { from?: string; to?: string }) {
  return {
    from: from === undefined ? undefined : isoDate(from),
    to: to === undefined ? undefined : isoDate(to),
  };
}

function created(reply: FastifyReply, { transaction, replayed }: Answer): TransactionView {
  if (replayed) reply.header('idempotent-replayed', 'true');
  const view = transactionView(transaction);
  reply.code(201).header('location', `/v1/transactions/${view.id}`);
  return view;
}
