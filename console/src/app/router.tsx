import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { type CounterAct, isCounterAct } from '../api/attempt.ts';
import { AccountScreen } from '../screens/account.tsx';
import { CustomerScreen } from '../screens/customer.tsx';
import { Customers } from '../screens/customers.tsx';
import { Desk } from '../screens/desk.tsx';
import { useText } from '../text/language.tsx';
import { Shell } from './shell.tsx';

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const deskRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: Desk });

const customersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/customers',
  component: Customers,
  validateSearch: ({ q }: Record<string, unknown>): { q?: string | undefined } => ({ q: textOf(q) }),
});

const customerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/customers/$id',
  component: CustomerScreen,
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

/** A parameter of the address as text: the router reads what looks like a number as one. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function NotFound() {
  return <p>{useText().notFound}</p>;
}

export const router = createRouter({
  routeTree: rootRoute.addChildren([deskRoute, customersRoute, customerRoute, accountRoute]),
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
