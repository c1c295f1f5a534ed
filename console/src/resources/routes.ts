import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../app/root-route.tsx';
import { readSearch } from './search.ts';

const overviewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/resources',
  component: lazyRouteComponent(() => import('./overview.tsx'), 'Overview'),
});

const resourceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/resources/$name/$',
  component: lazyRouteComponent(() => import('./resource-screen.tsx'), 'ResourceScreen'),
  validateSearch: (search: Record<string, unknown>): Record<string, string> => readSearch(search),
});

/** The addresses of lists and records; what they take is loaded when one is opened. */
export const resourceRoutes = [overviewRoute, resourceRoute] as const;
