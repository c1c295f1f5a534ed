import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { keptAttempts } from '../api/attempt.ts';
import { useSession } from '../api/use-bank.ts';
import { clockTime } from '../show/show.tsx';
import { fill, useLanguage } from '../text/language.tsx';

/** What waits for the person at this desk. */
export function Desk(): ReactNode {
  const { text, locale } = useLanguage();
  const state = useSession();
  const waiting = keptAttempts();
  if (state.is !== 'in' && state.is !== 'over') return null;
  return (
    <>
      <h1>{fill(text.desk.welcome, { name: state.user.name })}</h1>
      <p>
        {text.desk.find}. {text.desk.findWhy}
      </p>
      <section>
        <h2>{text.desk.drafts}</h2>
        {waiting.length === 0 ? (
          <p className="empty">{text.desk.noDrafts}</p>
        ) : (
          <ul>
            {waiting.map(({ act, accountId, sentAt }) => (
              <li key={`${act} ${accountId}`}>
                <Link to="/accounts/$id" params={{ id: accountId }} search={{ act }}>
                  {text.account[act]}
                </Link>{' '}
                {sentAt === undefined
                  ? text.desk.begun
                  : fill(text.desk.unanswered, { time: clockTime(sentAt, locale) })}
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}
