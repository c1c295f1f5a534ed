import { createRootRoute, retainSearchParams } from '@tanstack/react-router';
import { useText } from '../text/language.tsx';
import { Shell } from './shell.tsx';

type RootSearch = {
  /** The date whose end is shown, on every screen that can. */
  asOf?: string | undefined;
};

export const rootRoute = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  validateSearch: ({ asOf }: Record<string, unknown>): RootSearch => ({ asOf: dateOf(asOf) }),
  search: { middlewares: [retainSearchParams<RootSearch>(['asOf'])] },
});

/** The date in the address; undefined where the address holds anything else. */
function dateOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;
}

function NotFound() {
  return <p>{useText().notFound}</p>;
}
