import type { Context } from '#db/context.ts';
import { AccountingService } from '#features/accounting/service.ts';
import { ACCOUNT_LAWS, accountHoldings } from '#features/accounts/contract.ts';
import { AccountService } from '#features/accounts/service.ts';
import { CustomerService } from '#features/customers/service.ts';
import { ProductService } from '#features/products/service.ts';
import { BatchService } from '#features/transactions/batch-service.ts';
import { storeTransactionRows, TRANSACTION_LAWS } from '#features/transactions/contract.ts';
import { TransactionService } from '#features/transactions/service.ts';
import type { TransactionRow } from '#features/transactions/transaction.ts';
import { InternalAccounts } from '#ledger/internal-accounts.ts';
import { PostingQueue } from '#ledger/posting-queue.ts';
import type { Law } from '#ledger/verify.ts';
import { LEDGER_LAWS } from '#ledger/verify.ts';

/** Every use case of the bank, over one book. The API, the CLI, the demo and the tests all call these. */
export type Services = {
  readonly context: Context;
  readonly customers: CustomerService;
  readonly products: ProductService;
  readonly accounts: AccountService;
  readonly transactions: TransactionService;
  readonly batches: BatchService;
  readonly accounting: AccountingService;
  /** Resolves when every accepted request has its answer. */
  readonly drain: () => Promise<void>;
};

/** Composes the services of a book. */
export function createServices(context: Context): Services {
  const queue = new PostingQueue<TransactionRow>(context, (session, rows) =>
    storeTransactionRows(session, context.bookId, rows),
  );
  const internalAccounts = new InternalAccounts(context.bookId);
  return {
    context,
    customers: new CustomerService(context, accountHoldings(context)),
    products: new ProductService(context),
    accounts: new AccountService(context),
    transactions: new TransactionService(context, queue, internalAccounts),
    batches: new BatchService(context, internalAccounts),
    accounting: new AccountingService(context),
    drain: () => queue.drain(),
  };
}

/** All that `verify` checks: the kernel's laws and those of the features. */
export const LAWS: readonly Law[] = [...LEDGER_LAWS, ...ACCOUNT_LAWS, ...TRANSACTION_LAWS];
