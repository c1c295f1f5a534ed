import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { myRoutes } from '../my/routes.ts';
import { resourceRoutes } from '../resources/routes.ts';
import { type MoreSearch, readMore } from '../resources/search.ts';
import { type CounterAct, isCounterAct } from '../screens/counter-acts.ts';
import { Home } from './home.tsx';
import { rootRoute } from './root-route.tsx';

const deskRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: Home });

type CustomersSearch = {
  q?: string | undefined;
  createdFrom?: string | undefined;
  createdTo?: string | undefined;
  act?: 'new-customer' | undefined;
};

const customersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/customers',
  component: lazyRouteComponent(() => import('../screens/customers.tsx'), 'Customers'),
  validateSearch: ({ q, createdFrom, createdTo, act }: Record<string, unknown>): CustomersSearch => ({
    q: textOf(q),
    createdFrom: textOf(createdFrom),
    createdTo: textOf(createdTo),
    act: act === 'new-customer' ? act : undefined,
  }),
});

type CustomerSearch = MoreSearch & { act?: 'open-account' | undefined };

const customerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/customers/$id',
  component: lazyRouteComponent(() => import('../resources/more-of-customer.tsx'), 'CustomerScreenAndMore'),
  validateSearch: ({ act, ...more }: Record<string, unknown>): CustomerSearch => ({
    act: act === 'open-account' ? act : undefined,
    ...readMore(more),
  }),
});

type AccountSearch = MoreSearch & {
  from?: string | undefined;
  to?: string | undefined;
  /** What is being done at the counter. */
  act?: CounterAct | undefined;
};

const accountRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/accounts/$id',
  staticData: { asOf: 'shown' },
  component: lazyRouteComponent(() => import('../resources/more-of-account.tsx'), 'AccountScreenAndMore'),
  validateSearch: ({ from, to, act, ...more }: Record<string, unknown>): AccountSearch => ({
    from: textOf(from),
    to: textOf(to),
    act: isCounterAct(act) ? act : undefined,
    ...readMore(more),
  }),
});

const transactionRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/transactions/$id',
  component: lazyRouteComponent(
    () => import('../resources/more-of-transaction.tsx'),
    'TransactionScreenAndMore',
  ),
  validateSearch: readMore,
});

const paymentsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/payments',
  component: lazyRouteComponent(() => import('../screens/payments.tsx'), 'Payments'),
});

type LoansSearch = {
  status?: string | undefined;
  /** At least as many days past due. */
  late?: string | undefined;
};

const loansRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/loans',
  staticData: { asOf: 'shown' },
  component: lazyRouteComponent(() => import('../screens/loans.tsx'), 'Loans'),
  validateSearch: ({ status, late }: Record<string, unknown>): LoansSearch => ({
    status: textOf(status),
    late: textOf(late),
  }),
});

type OffersSearch = { a?: string | undefined; b?: string | undefined; c?: string | undefined };

const offersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/loans/offers',
  component: lazyRouteComponent(() => import('../screens/offers.tsx'), 'Offers'),
  validateSearch: ({ a, b, c }: Record<string, unknown>): OffersSearch => ({
    a: textOf(a),
    b: textOf(b),
    c: textOf(c),
  }),
});

const loanRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/loans/$id',
  component: lazyRouteComponent(() => import('../resources/more-of-loan.tsx'), 'LoanScreenAndMore'),
  validateSearch: readMore,
});

const dayRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/day',
  component: lazyRouteComponent(() => import('../screens/day.tsx'), 'Day'),
});

const booksRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/books',
  component: lazyRouteComponent(() => import('../screens/books.tsx'), 'Books'),
  staticData: { asOf: 'shown' },
});

type TrailSearch = {
  actor?: string | undefined;
  action?: string | undefined;
  resource?: string | undefined;
};

const trailRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/trail',
  component: lazyRouteComponent(() => import('../screens/trail.tsx'), 'Trail'),
  validateSearch: ({ actor, action, resource }: Record<string, unknown>): TrailSearch => ({
    actor: textOf(actor),
    action: textOf(action),
    resource: textOf(resource),
  }),
});

const accessRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/access',
  component: lazyRouteComponent(() => import('../access/access.tsx'), 'Access'),
});

/** A parameter of the address as text: the router reads what looks like a number as one. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
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
    accessRoute,
    ...myRoutes,
    ...resourceRoutes,
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
