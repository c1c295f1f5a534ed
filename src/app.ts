import type { FastifyServerOptions } from 'fastify';
import { registerAccountingRoutes } from '#features/accounting/routes.ts';
import { registerAccountRoutes } from '#features/accounts/routes.ts';
import { registerCustomerRoutes } from '#features/customers/routes.ts';
import { registerProductRoutes } from '#features/products/routes.ts';
import { registerBatchRoutes } from '#features/transactions/batch-routes.ts';
import { registerTransactionRoutes } from '#features/transactions/routes.ts';
import { registerHealth } from '#http/health.ts';
import { registerOpenApi } from '#http/openapi.ts';
import type { HttpServer } from '#http/server.ts';
import { createServer } from '#http/server.ts';
import type { Services } from './services.ts';
import { VERSION } from './version.ts';

const TAGS = [
  { name: 'Customers', description: 'Persons and organisations that bank here.' },
  { name: 'Products', description: 'The terms on which accounts are opened.' },
  { name: 'Accounts', description: 'Where customers keep their money: holders, status, balances.' },
  { name: 'Transactions', description: 'Deposits, withdrawals, transfers, and their reversal.' },
  { name: 'Accounting', description: 'The bank’s own view of its books.' },
];

/** The whole API over a bank's services: read it as an index of what the server answers. */
export async function createApp(
  services: Services,
  logger: Exclude<FastifyServerOptions['logger'], undefined | true>,
): Promise<HttpServer> {
  const server = createServer({ logger });
  await registerOpenApi(server, { version: VERSION, tags: TAGS });
  registerHealth(server, () => isReady(services));
  registerCustomerRoutes(server, services.customers);
  registerProductRoutes(server, services.products);
  registerAccountRoutes(server, services.accounts);
  registerTransactionRoutes(server, services.transactions);
  registerBatchRoutes(server, services.batches);
  registerAccountingRoutes(server, services.accounting);
  await server.ready();
  return server;
}

async function isReady({ context }: Services): Promise<boolean> {
  const { db, bookId } = context;
  const book = await db
    .selectFrom('books')
    .select('book_id')
    .where('book_id', '=', bookId)
    .executeTakeFirst();
  return book !== undefined;
}
