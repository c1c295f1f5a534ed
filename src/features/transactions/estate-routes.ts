import { admit } from '#http/admit.ts';
import { idParams, operationsOf } from '#http/operations.ts';
import type { HttpServer } from '#http/server.ts';
import { validationFailed } from '#lib/errors.ts';
import { fromTypeId } from '#lib/ids.ts';
import { EstatePayoutRequest } from './estate-schemas.ts';
import type { Payee } from './movement.ts';
import { created, moneyOf, moving, PAYMENT_PROBLEMS } from './moving-routes.ts';
import { type PayeeFields, payeeOf } from './payee-schemas.ts';
import type { TransactionService } from './service.ts';
import type { PaymentMode } from './transaction.ts';

const operation = operationsOf('Transactions');

/** Money of a customer who died. */
export function registerEstateRoutes(server: HttpServer, transactions: TransactionService): void {
  server.post(
    '/v1/accounts/:id/estate-payouts',
    {
      onRequest: admit(transactions),
      ...operation('payOutEstate', 'Pay money of a customer who died out to the estate', {
        params: idParams('account'),
        body: EstatePayoutRequest,
        ...moving,
        problems: [...PAYMENT_PROBLEMS, 'customer_not_deceased', 'same_account', 'unknown_payee'],
      }),
    },
    async (request, reply) => {
      const { executorName, reason, mode, toAccountId, toIban, toAccount, ...money } = request.body;
      const answer = await transactions.payOutEstate({
        ...moneyOf(request, money),
        fromAccountId: fromTypeId('account', request.params.id),
        to: estateOf(mode, { toAccountId, toIban, toAccount }),
        executorName,
        reason,
      });
      return created(reply, answer);
    },
  );
}

/** At the counter, or to an account. Throws 400 `validation_failed` unless it is one of them. */
function estateOf(
  mode: PaymentMode | undefined,
  payee: Pick<PayeeFields, 'toAccountId' | 'toIban' | 'toAccount'>,
): Payee | { readonly mode: PaymentMode } {
  const given = [mode, ...Object.values(payee)].filter((value) => value !== undefined);
  if (given.length !== 1) {
    throw validationFailed({ path: 'mode', message: 'give one of mode, toAccountId, toIban and toAccount' });
  }
  return mode === undefined ? payeeOf(payee) : { mode };
}
