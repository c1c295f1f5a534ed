import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { FlorinProblem } from '#sdk/index.ts';
import { session } from './api/session.ts';
import { router } from './app/router.tsx';
import { LanguageProvider } from './text/language.tsx';

/** What the bank says to a user who must see to their login first, since a moment ago. */
const RESTRICTED: ReadonlySet<string> = new Set(['password_change_required', 'second_factor_required']);

const queries = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (error instanceof FlorinProblem && RESTRICTED.has(error.code)) void session.renew();
    },
  }),
  // The SDK asks again where no answer came.
  defaultOptions: { queries: { staleTime: 5_000, retry: false } },
});

session.subscribe(() => {
  if (session.state.is === 'out') queries.clear();
});
void session.restore();

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
createRoot(root).render(
  <StrictMode>
    <LanguageProvider>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </LanguageProvider>
  </StrictMode>,
);
