import { useQueryClient } from '@tanstack/react-query';
import { lazyRouteComponent } from '@tanstack/react-router';
import { type ReactNode, Suspense, useState } from 'react';
import { FlorinProblem } from '#sdk/index.ts';
import { session } from '../api/session.ts';
import { LanguageChoice } from '../app/language-choice.tsx';
import { useText } from '../text/language.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { SecretForm } from '../ui/secret-form.tsx';

const ResetPassword = lazyRouteComponent(() => import('../access/reset-password.tsx'), 'ResetPassword');

export function LoginPage(): ReactNode {
  const text = useText();
  const [isReset, setReset] = useState(false);
  return (
    <main id="content" className="narrow">
      <div className="row">
        <h1>{isReset ? text.login.reset : text.login.title}</h1>
        <LanguageChoice />
      </div>
      {isReset ? (
        <Suspense fallback={null}>
          <ResetPassword />
        </Suspense>
      ) : (
        <LoginForm email="" />
      )}
      <p>
        <button type="button" className="quiet" onClick={() => setReset(!isReset)}>
          {isReset ? text.login.back : text.login.forgotten}
        </button>
      </p>
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

/** What is asked for beside the password, once the bank has said that it wants more. */
type Second = 'otp' | 'recoveryCode' | undefined;

function LoginForm({ email: known }: { readonly email: string }): ReactNode {
  const text = useText();
  const queries = useQueryClient();
  const [second, setSecond] = useState<Second>();
  return (
    <>
      <SecretForm
        submit={text.login.submit}
        send={async (typed) => {
          const more = second === undefined ? {} : { [second]: typed(second).trim() };
          await session.logIn({ email: typed('email'), password: typed('password'), ...more });
          await queries.invalidateQueries();
        }}
        onError={(error) => {
          const asksForCode = error instanceof FlorinProblem && error.code === 'otp_required';
          if (asksForCode) setSecond(second ?? 'otp');
          return asksForCode;
        }}
      >
        <Who known={known} />
        <Field
          label={text.login.password}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        <SecondField second={second} />
      </SecretForm>
      {second !== undefined && (
        <p>
          <button
            type="button"
            className="quiet"
            onClick={() => setSecond(second === 'otp' ? 'recoveryCode' : 'otp')}
          >
            {second === 'otp' ? text.login.lostFactor : text.login.useCode}
          </button>
        </p>
      )}
    </>
  );
}

function Who({ known }: { readonly known: string }): ReactNode {
  const text = useText();
  if (known === '')
    return (
      <Field label={text.login.email} name="email" type="email" autoComplete="username" autoFocus required />
    );
  return (
    <p>
      <input type="hidden" name="email" autoComplete="username" value={known} />
      {known}
    </p>
  );
}

function SecondField({ second }: { readonly second: Second }): ReactNode {
  const text = useText();
  if (second === undefined) return null;
  const isOtp = second === 'otp';
  return (
    <Field
      key={second}
      label={isOtp ? text.login.otp : text.login.recovery}
      hint={isOtp ? text.login.otpWhy : text.login.recoveryWhy}
      name={second}
      inputMode={isOtp ? 'numeric' : 'text'}
      autoComplete={isOtp ? 'one-time-code' : 'off'}
      autoFocus
      required
    />
  );
}
