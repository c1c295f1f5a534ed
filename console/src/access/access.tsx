import type { ReactNode } from 'react';
import { useSession } from '../api/use-bank.ts';
import { NewEmail } from './new-email.tsx';
import { NewPassword } from './new-password.tsx';
import { SecondFactor } from './second-factor.tsx';
import { Sessions } from './sessions.tsx';
import { useAccessText } from './text.ts';

/** What users do about their own login. */
export function Access(): ReactNode {
  const text = useAccessText();
  const state = useSession();
  if (state.is !== 'in' && state.is !== 'over') return null;
  return (
    <>
      <h1>{text.title}</h1>
      <div className="columns">
        <section>
          <h2>{text.factor}</h2>
          <SecondFactor />
        </section>
        <section>
          <h2>{text.password}</h2>
          <NewPassword />
        </section>
        <section>
          <h2>{text.email}</h2>
          <p>{state.user.email}</p>
          <NewEmail />
        </section>
      </div>
      <section>
        <h2>{text.sessions}</h2>
        <Sessions />
      </section>
    </>
  );
}
