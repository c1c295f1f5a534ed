import { Link, Outlet, useLocation, useMatches } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import type { OwnUser } from '#sdk/index.ts';
import { session } from '../api/session.ts';
import { useAnswer } from '../api/use-bank.ts';
import { DateText } from '../show/show.tsx';
import { useText } from '../text/language.tsx';
import { AsOfNotice, AsOfSwitch, useAsOf } from './as-of.tsx';
import { LanguageChoice } from './language-choice.tsx';
import { useMay } from './rights.tsx';
import { SearchBox } from './search-box.tsx';

/** What is around the screens of the bank's people. */
export function StaffFrame({ user }: { readonly user: OwnUser }): ReactNode {
  const text = useText();
  const isTheirs = useMatches({
    select: (matches) => matches.every(({ routeId }) => !isOfCustomers(routeId)),
  });
  const isPast = useAsOf() !== undefined;
  useFocusOnContent();
  return (
    <>
      <Header name={user.name} />
      <main id="content" tabIndex={-1} className={isPast ? 'past' : undefined}>
        <AsOfNotice />
        {isTheirs ? <Outlet /> : <p>{text.notFound}</p>}
      </main>
    </>
  );
}

/**
 * Another page begins at its content: whoever works by keyboard does not go through the header again, and a reader reads
 * on there. What has taken the focus on that page, or a dialog over it, keeps it.
 */
function useFocusOnContent(): void {
  const { pathname } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    const content = document.getElementById('content');
    const isTaken =
      content?.contains(document.activeElement) || document.querySelector('dialog[open]') !== null;
    if (!isTaken) content?.focus({ preventScroll: true });
  }, [pathname]);
}

function isOfCustomers(routeId: string): boolean {
  return routeId === '/my' || routeId.startsWith('/my/');
}

/** What the menu has for those who may ask for what is on it. */
const SCREENS = [
  { to: '/', name: 'desk', operation: 'getOwnUser' },
  { to: '/customers', name: 'customers', operation: 'listCustomers' },
  { to: '/payments', name: 'payments', operation: 'listIncomingPayments' },
  { to: '/loans', name: 'loans', operation: 'listLoans' },
  { to: '/day', name: 'day', operation: 'listEndOfDayRuns' },
  { to: '/books', name: 'books', operation: 'getTrialBalance' },
  { to: '/trail', name: 'trail', operation: 'listAuditLog' },
  { to: '/resources', name: 'resources', operation: 'getOwnUser' },
] as const;

function Header({ name }: { readonly name: string }): ReactNode {
  const text = useText();
  const may = useMay();
  return (
    <header>
      <a className="skip" href="#content">
        {text.skip}
      </a>
      <nav aria-label={text.appName}>
        <Link to="/" className="brand">
          {text.appName}
        </Link>
        {SCREENS.filter(({ operation }) => may(operation)).map(({ to, name: screen }) => (
          <Link key={to} to={to}>
            {text.nav[screen]}
          </Link>
        ))}
      </nav>
      <SearchBox />
      <div className="who">
        <BankDay />
        <AsOfSwitch />
        <LanguageChoice />
        <Link to="/access">{name}</Link>
        <button type="button" className="quiet" onClick={() => session.logOut()}>
          {text.logOut}
        </button>
      </div>
    </header>
  );
}

/** The bank's date, which is not always the browser's. */
function BankDay(): ReactNode {
  const text = useText();
  const { data } = useAnswer('businessDate.get');
  if (data === undefined) return null;
  return (
    <span title={data.timeZone}>
      {text.businessDate} <DateText date={data.businessDate} />
    </span>
  );
}
