import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { Problem } from '../api/problem.ts';
import { session } from '../api/session.ts';
import { LanguageChoice } from '../app/shell.tsx';
import { useText } from '../text/language.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/fail.tsx';
import { Field } from '../ui/field.tsx';

export function LoginPage(): ReactNode {
  const text = useText();
  return (
    <main id="content" className="narrow">
      <div className="row">
        <h1>{text.login.title}</h1>
        <LanguageChoice />
      </div>
      <LoginForm email="" />
    </main>
  );
}

/** The session is over: its user logs in over the page, and goes on where they were. */
export function LoginDialog({ email }: { readonly email: string }): ReactNode {
  const text = useText();
  return (
    <Dialog title={text.login.again}>
      <p>{text.login.againWhy}</p>
      <LoginForm email={email} />
    </Dialog>
  );
}

function LoginForm({ email: known }: { readonly email: string }): ReactNode {
  const text = useText();
  const queries = useQueryClient();
  const [needsCode, setNeedsCode] = useState(false);
  const [error, setError] = useState<unknown>();
  const isBusy = useRef(false);

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (isBusy.current) return;
    isBusy.current = true;
    const fields = new FormData(event.currentTarget);
    const of = (name: string): string => {
      const value = fields.get(name);
      return typeof value === 'string' ? value : '';
    };
    const otp = of('otp');
    try {
      await session.logIn({ email: of('email'), password: of('password'), ...(otp === '' ? {} : { otp }) });
      await queries.invalidateQueries();
    } catch (failure) {
      const asksForCode = failure instanceof Problem && failure.code === 'otp_required';
      setNeedsCode(needsCode || asksForCode);
      setError(asksForCode ? undefined : failure);
    } finally {
      isBusy.current = false;
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)}>
      <LoginFields known={known} needsCode={needsCode} />
      {error !== undefined && <Failure error={error} />}
      <button type="submit" className="primary">
        {text.login.submit}
      </button>
    </form>
  );
}

function LoginFields({
  known,
  needsCode,
}: {
  readonly known: string;
  readonly needsCode: boolean;
}): ReactNode {
  const text = useText();
  return (
    <>
      {known === '' ? (
        <Field
          label={text.login.email}
          name="email"
          type="email"
          autoComplete="username"
          autoFocus
          required
        />
      ) : (
        <p>
          <input type="hidden" name="email" autoComplete="username" value={known} />
          {known}
        </p>
      )}
      <Field
        label={text.login.password}
        name="password"
        type="password"
        autoComplete="current-password"
        required
      />
      {needsCode && (
        <Field
          label={text.login.otp}
          hint={text.login.otpWhy}
          name="otp"
          inputMode="numeric"
          autoComplete="one-time-code"
          autoFocus
          required
        />
      )}
    </>
  );
}
