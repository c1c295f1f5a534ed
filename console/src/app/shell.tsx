import { Link, Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { session } from '../api/session.ts';
import type { BusinessDate } from '../api/types.ts';
import { useAnswer, useSession } from '../api/use-bank.ts';
import { LoginDialog, LoginPage } from '../screens/login.tsx';
import { DateText } from '../show/show.tsx';
import { type Language, useLanguage } from '../text/language.tsx';
import { useMay } from './rights.tsx';
import { SearchBox } from './search-box.tsx';

/** What is around every screen. Nobody logged in sees the login; who was logged in sees it over the page. */
export function Shell(): ReactNode {
  const state = useSession();
  if (state.is === 'starting') return null;
  if (state.is === 'out') return <LoginPage />;
  return (
    <>
      <Header name={state.user.name} />
      <main id="content" tabIndex={-1}>
        <Outlet />
      </main>
      {state.is === 'over' && <LoginDialog email={state.user.email} />}
    </>
  );
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
] as const;

function Header({ name }: { readonly name: string }): ReactNode {
  const { text } = useLanguage();
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
        {SCREENS.filter(({ operation }) => may(operation)).map(({ to, name }) => (
          <Link key={to} to={to}>
            {text.nav[name]}
          </Link>
        ))}
      </nav>
      <SearchBox />
      <div className="who">
        <BankDay />
        <LanguageChoice />
        <span>{name}</span>
        <button type="button" className="quiet" onClick={() => void session.logOut()}>
          {text.logOut}
        </button>
      </div>
    </header>
  );
}

/** The bank's date, which is not always the browser's. */
function BankDay(): ReactNode {
  const { text } = useLanguage();
  const { data } = useAnswer<BusinessDate>('/v1/business-date');
  if (data === undefined) return null;
  return (
    <span title={data.timeZone}>
      {text.businessDate} <DateText date={data.businessDate} />
    </span>
  );
}

export function LanguageChoice(): ReactNode {
  const { language, speak, text } = useLanguage();
  return (
    <select
      aria-label={text.language}
      value={language}
      onChange={(event) => speak(event.target.value as Language)}
    >
      <option value="en">English</option>
      <option value="de">Deutsch</option>
    </select>
  );
}
