import type { FastifyServerOptions } from 'fastify';
import { rehearse } from '#db/rehearsal.ts';
import { addAuthentication } from '#http/authentication.ts';
import { addAuthorisation } from '#http/authorisation.ts';
import { addCompression } from '#http/compression.ts';
import { type ConsoleFiles, registerConsole } from '#http/console-pages.ts';
import { addCors } from '#http/cors.ts';
import { endConnectionsWhileDraining } from '#http/draining.ts';
import { addDryRuns } from '#http/dry-runs.ts';
import { registerHealth } from '#http/health.ts';
import { registerHomePage } from '#http/home-page.ts';
import { addKeyBounds, judgeBoundsOf } from '#http/key-bounds.ts';
import { addKeyedRequests } from '#http/keyed-requests.ts';
import type { CompileTime } from '#http/lazy-compile.ts';
import { type MetricsPage, registerMetrics } from '#http/metrics-page.ts';
import { registerOpenApi } from '#http/openapi.ts';
import { addRateLimit, type RateLimit, RateLimiter } from '#http/rate-limit.ts';
import { addReadOnly } from '#http/read-only.ts';
import { addRehearsals } from '#http/rehearsals.ts';
import { createServer, type HttpServer } from '#http/server.ts';
import { addStakes } from '#http/stakes.ts';
import { NO_OBSERVER, type Observer } from '#lib/observer.ts';
import { VERSION } from '#src/version.ts';
import { accessTable } from './access.ts';
import { dryRunsOf } from './dry-run/dry-runs.ts';
import { REQUEST_EXAMPLES } from './examples/request-examples.ts';
import { judgeKeyBounds } from './key-bounds.ts';
import { KEY_NEEDS, keyStore } from './key-store.ts';
import { PROBLEMS } from './problems.ts';
import { registerRoutes } from './routes.ts';
import type { Services } from './services.ts';
import { stakesOf } from './stakes.ts';

const TAGS = [
  { name: 'Bank', description: 'The bank itself: its settings and its currencies.' },
  { name: 'Search', description: 'One question to customers, accounts, payments and loans.' },
  { name: 'Customers', description: 'Persons and organisations that bank here.' },
  { name: 'Products', description: 'The terms on which accounts are opened.' },
  { name: 'Interest', description: 'What balances earn and cost, and why.' },
  { name: 'Currencies', description: 'What foreign currencies cost, and money that is turned into another.' },
  { name: 'Fees', description: 'What accounts are charged, owe, and get back.' },
  { name: 'Accounts', description: 'Where customers keep their money: holders, status, balances.' },
  { name: 'Beneficiaries', description: 'The payees of a customer, by name.' },
  { name: 'Transactions', description: 'Deposits, withdrawals, transfers, and their reversal.' },
  {
    name: 'Statements',
    description: 'The lines of an account on paper and in files; numbered ones never change.',
  },
  { name: 'Holds', description: 'Money set aside on accounts: to be captured, released, or to expire.' },
  {
    name: 'Time deposits',
    description:
      'Money held for a term at a fixed rate, paid in at once or by instalments, until it is paid out or renewed.',
  },
  { name: 'Standing orders', description: 'Recurring payments, and the outcome of each due date.' },
  {
    name: 'Payments',
    description: 'To other banks and from them, until they are settled, returned or resolved.',
  },
  { name: 'Limits', description: 'The most that an account may pay at once and in a day.' },
  { name: 'Loans', description: 'Loans to customers: terms, disbursement, repayment.' },
  { name: 'Accounting', description: 'The bank’s own view of its books.' },
  { name: 'Calendar', description: 'The bank’s date, its business days, and the end of a day.' },
  { name: 'Authentication', description: 'Logging in, and the users’ own access.' },
  { name: 'Users', description: 'The users who may log in, and their roles.' },
  { name: 'Audit', description: 'Who did what, from where, to which resource.' },
  { name: 'Access', description: 'API keys, and the public keys of access tokens.' },
];

export type AppOptions = {
  /** Requests of a caller; undefined is without limit. */
  readonly rateLimit?: RateLimit | undefined;
  /** Proxies whose X-Forwarded-For is trusted. */
  readonly trustedProxies?: readonly string[];
  /** Origins whose pages may read answers; without any, the browser's own rule applies. */
  readonly corsOrigins?: readonly string[];
  /** Changes are refused. */
  readonly isReadOnly?: boolean;
  /** The observers. */
  readonly observer?: Observer;
  /** The content of /metrics and who may read it; without it there is no such page. */
  readonly metrics?: MetricsPage;
  /**
   * Aborted when the server should stop: it goes on answering until it is closed, and its probe says that it is not
   * ready.
   */
  readonly draining?: AbortSignal;
  readonly compiles?: CompileTime;
  /** The pages for people; without them there is the API alone. */
  readonly console?: ConsoleFiles | undefined;
};

/** The whole API over a bank's services; its routes are in routes.ts. */
export async function createApp(
  services: Services,
  logger: Exclude<FastifyServerOptions['logger'], undefined | true>,
  options: AppOptions = {},
): Promise<HttpServer> {
  const { rateLimit, trustedProxies = [], corsOrigins = [], isReadOnly = false, draining, metrics } = options;
  const { observer = NO_OBSERVER, compiles = 'at start' } = options;
  const server = createServer({ logger, trustedProxies, observer, compiles });
  if (rateLimit !== undefined)
    addRateLimit(server, new RateLimiter(rateLimit, () => services.context.clock.monotonicMs()));
  if (draining !== undefined) endConnectionsWhileDraining(server, draining);
  if (corsOrigins.length > 0) await addCors(server, corsOrigins);
  if (isReadOnly) addReadOnly(server);
  addAuthentication(server, services.authenticate);
  addAuthorisation(server, accessTable());
  const judgeBounds = judgeKeyBounds(services);
  addKeyBounds(server, judgeBounds);
  addRehearsals(server, async (request, work) => {
    await judgeBoundsOf(request, judgeBounds);
    await rehearse(services.context.db, work);
  });
  addStakes(server, stakesOf(services.gate));
  addDryRuns(server, dryRunsOf(services));
  addKeyedRequests(server, keyStore(services.context), KEY_NEEDS);
  addCompression(server);
  await registerOpenApi(server, {
    version: VERSION,
    tags: TAGS,
    problems: PROBLEMS,
    examples: REQUEST_EXAMPLES,
  });
  registerHomePage(server, VERSION, options.console !== undefined);
  if (options.console !== undefined) registerConsole(server, options.console);
  registerHealth(server, () => isReady(services), { isReadOnly, draining });
  if (metrics !== undefined) registerMetrics(server, metrics);
  await registerRoutes(server, services);
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
