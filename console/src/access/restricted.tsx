import type { ReactNode } from 'react';
import { session } from '../api/session.ts';
import { LanguageChoice } from '../app/language-choice.tsx';
import { useText } from '../text/language.tsx';
import { NewPassword } from './new-password.tsx';
import { SecondFactor } from './second-factor.tsx';
import { useAccessText } from './text.ts';

/** What the bank asks of a user before anything else, and where it is done. */
export function Restricted({ must }: { readonly must: 'password_change' | 'second_factor' }): ReactNode {
  const text = useAccessText();
  const { logOut } = useText();
  return (
    <main id="content" className="narrow">
      <div className="row">
        <h1>{text.before}</h1>
        <LanguageChoice />
      </div>
      <p>{must === 'password_change' ? text.mustChange : text.mustEnrol}</p>
      {must === 'password_change' ? <NewPassword /> : <SecondFactor />}
      <p>
        <button type="button" className="quiet" onClick={() => session.logOut()}>
          {logOut}
        </button>
      </p>
    </main>
  );
}
