import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../app/root-route.tsx';

type MySearch = {
  /** What is being done. */
  act?: 'transfer' | undefined;
  /** The account that pays, and the payee: an account of one's own or a beneficiary, by id. */
  from?: string | undefined;
  to?: string | undefined;
};

const accountsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/my',
  component: lazyRouteComponent(() => import('./accounts.tsx'), 'MyAccounts'),
  validateSearch: ({ act, from, to }: Record<string, unknown>): MySearch => ({
    act: act === 'transfer' ? act : undefined,
    from: typeof from === 'string' ? from : undefined,
    to: typeof to === 'string' ? to : undefined,
  }),
});

type LinesSearch = { from?: string | undefined; to?: string | undefined };

const accountRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/my/accounts/$id',
  component: lazyRouteComponent(() => import('./account.tsx'), 'MyAccount'),
  validateSearch: ({ from, to }: Record<string, unknown>): LinesSearch => ({
    from: typeof from === 'string' ? from : undefined,
    to: typeof to === 'string' ? to : undefined,
  }),
});

const payeesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/my/payees',
  component: lazyRouteComponent(() => import('./payees.tsx'), 'MyPayees'),
});

const ordersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/my/orders',
  component: lazyRouteComponent(() => import('./orders.tsx'), 'MyOrders'),
});

const loansRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/my/loans',
  component: lazyRouteComponent(() => import('./loans.tsx'), 'MyLoans'),
});

const loanRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/my/loans/$id',
  component: lazyRouteComponent(() => import('./loan.tsx'), 'MyLoan'),
});

/** The addresses of a customer's pages; the pages are loaded when they are opened. */
export const myRoutes = [
  accountsRoute,
  accountRoute,
  payeesRoute,
  ordersRoute,
  loansRoute,
  loanRoute,
] as const;
