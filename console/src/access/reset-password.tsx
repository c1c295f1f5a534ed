import { type ReactNode, useState } from 'react';
import { bank } from '../api/session.ts';
import { useText } from '../text/language.tsx';
import { Field } from '../ui/field.tsx';
import { SecretForm } from '../ui/secret-form.tsx';
import { useAccessText } from './text.ts';

/** Sets a new password with a code from an administrator, for a user who has lost the old one. */
export function ResetPassword(): ReactNode {
  const { login } = useText();
  const { newPasswordWhy } = useAccessText();
  const [isSet, setSet] = useState(false);
  if (isSet) return <p role="status">{login.isSet}</p>;
  return (
    <>
      <p>{login.resetWhy}</p>
      <SecretForm
        submit={login.setPassword}
        send={async (typed, idempotencyKey) => {
          const body = {
            email: typed('email'),
            code: typed('code').trim(),
            newPassword: typed('newPassword'),
          };
          await bank.auth.resetPassword(body, { idempotencyKey });
          setSet(true);
        }}
      >
        <Field label={login.email} name="email" type="email" autoComplete="username" autoFocus required />
        <Field label={login.resetCode} name="code" autoComplete="off" required />
        <Field
          label={login.newPassword}
          hint={newPasswordWhy}
          name="newPassword"
          type="password"
          autoComplete="new-password"
          required
        />
      </SecretForm>
    </>
  );
}
