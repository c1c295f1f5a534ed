import { Link, Outlet, useMatches } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { OwnUser } from '#sdk/index.ts';
import { session } from '../api/session.ts';
import { useAnswer } from '../api/use-bank.ts';
import { AsOfNotice } from '../app/as-of.tsx';
import { LanguageChoice } from '../app/language-choice.tsx';
import { useText } from '../text/language.tsx';
import { useMyText } from './text.ts';

const PAGES = [
  { to: '/my', name: 'accounts' },
  { to: '/my/payees', name: 'payees' },
  { to: '/my/orders', name: 'orders' },
  { to: '/my/loans', name: 'loans' },
] as const;

/** What is around the pages of a customer: on a telephone the menu is at the bottom, below the thumb. */
export function MyFrame({ user }: { readonly user: OwnUser }): ReactNode {
  const text = useText();
  const isTheirs = useMatches({
    select: (matches) => matches.every(({ routeId }) => isOfCustomers(routeId)),
  });
  return (
    <>
      <Header name={user.name} />
      <main id="content" tabIndex={-1} className="my">
        <AsOfNotice />
        {isTheirs ? <Outlet /> : <p>{text.notFound}</p>}
      </main>
    </>
  );
}

function isOfCustomers(routeId: string): boolean {
  return ['__root__', '/', '/my', '/access'].includes(routeId) || routeId.startsWith('/my/');
}

function Header({ name }: { readonly name: string }): ReactNode {
  const text = useText();
  const mine = useMyText();
  const { data: facts } = useAnswer('bank.get');
  return (
    <header className="my">
      <a className="skip" href="#content">
        {text.skip}
      </a>
      <Link to="/my" className="brand">
        {facts?.name ?? text.appName}
      </Link>
      <nav aria-label={mine.nav}>
        {PAGES.map(({ to, name: page }) => (
          <Link key={to} to={to} activeOptions={{ exact: to === '/my', includeSearch: false }}>
            {mine[page]}
          </Link>
        ))}
      </nav>
      <div className="who">
        <LanguageChoice />
        <Link to="/access" title={mine.yourLogin}>
          {name}
        </Link>
        <button type="button" className="quiet" onClick={() => session.logOut()}>
          {text.logOut}
        </button>
      </div>
    </header>
  );
}
