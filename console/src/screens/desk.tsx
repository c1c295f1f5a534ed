import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { keptAttempts } from '../api/attempt.ts';
import { useList, useSession } from '../api/use-bank.ts';
import { useMay } from '../app/rights.tsx';
import { clockTime } from '../show/show.tsx';
import { fill, useLanguage, useText } from '../text/language.tsx';

const Overview = lazy(async () => ({ default: (await import('./overview.tsx')).Overview }));

/** What waits for the person at this desk. */
export function Desk(): ReactNode {
  const text = useText();
  const may = useMay();
  const state = useSession();
  if (state.is !== 'in' && state.is !== 'over') return null;
  return (
    <>
      <h1>{fill(text.desk.welcome, { name: state.user.name })}</h1>
      <p>
        {text.desk.find}. {text.desk.findWhy}
      </p>
      <Begun />
      {may('listIncomingPayments') && <InSuspense />}
      {may('getTrialBalance') && may('getLoanPortfolio') && (
        <section aria-labelledby="overview">
          <h2 id="overview">{text.overview.title}</h2>
          <Suspense fallback={null}>
            <Overview />
          </Suspense>
        </section>
      )}
    </>
  );
}

function Begun(): ReactNode {
  const { text, locale } = useLanguage();
  const waiting = keptAttempts();
  return (
    <section>
      <h2>{text.desk.drafts}</h2>
      {waiting.length === 0 ? (
        <p className="empty">{text.desk.noDrafts}</p>
      ) : (
        <ul>
          {waiting.map(({ title, href, sentAt }) => (
            <li key={`${title} ${href}`}>
              <Link to={href}>{title}</Link>{' '}
              {sentAt === undefined
                ? text.desk.begun
                : fill(text.desk.unanswered, { time: clockTime(sentAt, locale) })}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Payments for an account that nobody found: they wait for somebody. */
function InSuspense(): ReactNode {
  const text = useText();
  const { data } = useList('incomingPayments.list', { status: 'unresolved' });
  if (data === undefined) return null;
  const [first] = data.pages;
  const count = first?.data.length ?? 0;
  return (
    <section>
      <h2>{text.payments.suspense}</h2>
      <p>
        {count === 0 ? (
          text.payments.nothingWaits
        ) : (
          <Link to="/payments">
            {fill(text.payments.waiting, { count: `${count}${first?.nextCursor == null ? '' : '+'}` })}
          </Link>
        )}
      </p>
    </section>
  );
}
