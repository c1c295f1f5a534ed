import { type ReactNode, useState } from 'react';
import { bank, session } from '../api/session.ts';
import { Field } from '../ui/field.tsx';
import { SecretForm } from '../ui/secret-form.tsx';
import { useAccessText } from './text.ts';

/** The old password and a new one. After it the tokens may be good for more. */
export function NewPassword(): ReactNode {
  const text = useAccessText();
  const [isChanged, setChanged] = useState(false);
  const [isShown, setShown] = useState(false);
  const type = isShown ? 'text' : 'password';
  if (isChanged) return <p role="status">{text.passwordChanged}</p>;
  return (
    <SecretForm
      submit={text.changePassword}
      send={async (typed, idempotencyKey) => {
        const body = { oldPassword: typed('oldPassword'), newPassword: typed('newPassword') };
        await bank.auth.changeOwnPassword(body, { idempotencyKey });
        setChanged(true);
        await session.renew();
      }}
    >
      <Field
        label={text.oldPassword}
        name="oldPassword"
        type={type}
        autoComplete="current-password"
        required
      />
      <Field
        label={text.newPassword}
        hint={text.newPasswordWhy}
        name="newPassword"
        type={type}
        autoComplete="new-password"
        required
      />
      <label className="choice">
        <input type="checkbox" checked={isShown} onChange={() => setShown(!isShown)} />
        {text.show}
      </label>
    </SecretForm>
  );
}
