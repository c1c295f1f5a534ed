import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { AccountScreen } from '../screens/account.tsx';
import { Books } from '../screens/books.tsx';
import { type CounterAct, isCounterAct } from '../screens/counter.tsx';
import { CustomerScreen } from '../screens/customer.tsx';
import { Customers } from '../screens/customers.tsx';
import { Day } from '../screens/day.tsx';
import { Desk } from '../screens/desk.tsx';
import { LoanScreen } from '../screens/loan.tsx';
import { Loans } from '../screens/loans.tsx';
import { Offers } from '../screens/offers.tsx';
import { Payments } from '../screens/payments.tsx';
import { Trail } from '../screens/trail.tsx';
import { TransactionScreen } from '../screens/transaction.tsx';
import { useText } from '../text/language.tsx';
import { Shell } from './shell.tsx';

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const deskRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: Desk });

type CustomersSearch = { q?: string | undefined; act?: 'new-customer' | undefined };

const customersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/customers',
  component: Customers,
  validateSearch: ({ q, act }: Record<string, unknown>): CustomersSearch => ({
    q: textOf(q),
    act: act === 'new-customer' ? act : undefined,
  }),
});

const customerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/customers/$id',
  component: CustomerScreen,
  validateSearch: ({ act }: Record<string, unknown>): { act?: 'open-account' | undefined } => ({
    act: act === 'open-account' ? act : undefined,
  }),
});

type AccountSearch = {
  from?: string | undefined;
  to?: string | undefined;
  /** What is being done at the counter. */
  act?: CounterAct | undefined;
};

const accountRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/accounts/$id',
  component: AccountScreen,
  validateSearch: ({ from, to, act }: Record<string, unknown>): AccountSearch => ({
    from: textOf(from),
    to: textOf(to),
    act: isCounterAct(act) ? act : undefined,
  }),
});

const transactionRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/transactions/$id',
  component: TransactionScreen,
});

const paymentsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/payments',
  component: Payments,
});

type LoansSearch = {
  status?: string | undefined;
  /** At least as many days past due. */
  late?: string | undefined;
};

const loansRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/loans',
  component: Loans,
  validateSearch: ({ status, late }: Record<string, unknown>): LoansSearch => ({
    status: textOf(status),
    late: textOf(late),
  }),
});

type OffersSearch = { a?: string | undefined; b?: string | undefined; c?: string | undefined };

const offersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/loans/offers',
  component: Offers,
  validateSearch: ({ a, b, c }: Record<string, unknown>): OffersSearch => ({
    a: textOf(a),
    b: textOf(b),
    c: textOf(c),
  }),
});

const loanRoute = createRoute({ getParentRoute: () => rootRoute, path: '/loans/$id', component: LoanScreen });

const dayRoute = createRoute({ getParentRoute: () => rootRoute, path: '/day', component: Day });

const booksRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/books',
  component: Books,
  validateSearch: ({ asOf }: Record<string, unknown>): { asOf?: string | undefined } => ({
    asOf: textOf(asOf),
  }),
});

type TrailSearch = {
  actor?: string | undefined;
  action?: string | undefined;
  resource?: string | undefined;
};

const trailRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/trail',
  component: Trail,
  validateSearch: ({ actor, action, resource }: Record<string, unknown>): TrailSearch => ({
    actor: textOf(actor),
    action: textOf(action),
    resource: textOf(resource),
  }),
});

/** A parameter of the address as text: the router reads what looks like a number as one. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function NotFound() {
  return <p>{useText().notFound}</p>;
}

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    deskRoute,
    customersRoute,
    customerRoute,
    accountRoute,
    transactionRoute,
    paymentsRoute,
    loansRoute,
    offersRoute,
    loanRoute,
    dayRoute,
    booksRoute,
    trailRoute,
  ]),
  basepath: '/console',
  scrollRestoration: true,
  defaultPreload: 'intent',
});

declare module '@tanstack/react-router' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface can be added to.
  interface Register {
    router: typeof router;
  }
}
