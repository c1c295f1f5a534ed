import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Problem } from './api/problem.ts';
import { session } from './api/session.ts';
import { router } from './app/router.tsx';
import { LanguageProvider } from './text/language.tsx';

/** A refusal stays one; only what was not answered is asked again. */
const MOST_RETRIES = 1;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => failures < MOST_RETRIES && !(error instanceof Problem),
    },
  },
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
