import { operationsOf } from '#http/operations.ts';
import { PageQuery, readPage } from '#http/pagination.ts';
import { pageSchema } from '#http/schemas.ts';
import type { HttpServer } from '#http/server.ts';
import { fromDepositId, fromTypeId } from '#lib/ids.ts';
import { InstalmentSchema, instalmentView, PayInstalmentRequest } from './instalment-schemas.ts';
import type { InstalmentOfDeposit, InstalmentService } from './instalment-service.ts';
import { DepositParams } from './schemas.ts';

const operation = operationsOf('Time deposits');

/** The instalments of recurring deposits. */
export function registerInstalmentRoutes(server: HttpServer, instalments: InstalmentService): void {
  server.get(
    '/v1/time-deposits/:id/instalments',
    operation(
      'listTimeDepositInstalments',
      'List the instalments of a recurring deposit, in order: what is due, paid, late and missed',
      {
        params: DepositParams,
        querystring: PageQuery,
        response: { 200: pageSchema(InstalmentSchema) },
      },
    ),
    ({ caller, params, query }) =>
      readPage(query, {
        order: 'integer',
        placeOf: ({ instalment }: InstalmentOfDeposit) => String(instalment.number),
        read: async (limit, after) => {
          const all = await instalments.list(caller, fromDepositId(fromTypeId('deposit', params.id)));
          const from = all.filter(({ instalment }) => instalment.number > Number(after ?? 0));
          return from.slice(0, limit);
        },
        view: instalmentView,
      }),
  );

  server.post(
    '/v1/time-deposits/:id/pay-instalment',
    operation('payTimeDepositInstalment', 'Pay the oldest instalment that a recurring deposit is owed', {
      params: DepositParams,
      body: PayInstalmentRequest,
      response: { 200: InstalmentSchema },
      problems: [
        'account_closed',
        'account_dormant',
        'account_frozen',
        'account_not_of_depositor',
        'account_under_contract',
        'below_minimum_balance',
        'currency_mismatch',
        'customer_deceased',
        'deposit_matures',
        'deposit_over',
        'deposit_without_instalments',
        'instalment_not_due',
        'insufficient_funds',
        'limit_exceeded',
        'same_account',
      ],
    }),
    async ({ caller, params, body }) => {
      const fromAccountId = fromTypeId('account', body.fromAccountId);
      const id = fromDepositId(fromTypeId('deposit', params.id));
      return instalmentView(await instalments.pay(caller, id, { fromAccountId }));
    },
  );
}
