import { Link, Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { session } from '../api/session.ts';
import type { BusinessDate } from '../api/types.ts';
import { useAnswer, useSession } from '../api/use-bank.ts';
import { LoginDialog, LoginPage } from '../screens/login.tsx';
import { DateText } from '../show/show.tsx';
import { type Language, useLanguage } from '../text/language.tsx';
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

function Header({ name }: { readonly name: string }): ReactNode {
  const { text } = useLanguage();
  return (
    <header>
      <a className="skip" href="#content">
        {text.skip}
      </a>
      <nav aria-label={text.appName}>
        <Link to="/" className="brand">
          {text.appName}
        </Link>
        <Link to="/">{text.nav.desk}</Link>
        <Link to="/customers">{text.nav.customers}</Link>
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
