import { type ReactNode, useState } from 'react';
import { bank, session } from '../api/session.ts';
import { Field } from '../ui/field.tsx';
import { SecretForm } from '../ui/secret-form.tsx';
import { useAccessText } from './text.ts';

export function NewEmail(): ReactNode {
  const text = useAccessText();
  const [isChanged, setChanged] = useState(false);
  if (isChanged) return <p role="status">{text.emailChanged}</p>;
  return (
    <SecretForm
      submit={text.changeEmail}
      send={async (typed, idempotencyKey) => {
        const body = { email: typed('email'), password: typed('password') };
        await bank.auth.changeOwnEmail(body, { idempotencyKey });
        setChanged(true);
        await session.renew();
      }}
    >
      <Field label={text.newEmail} name="email" type="email" autoComplete="email" required />
      <Field label={text.password} name="password" type="password" autoComplete="current-password" required />
    </SecretForm>
  );
}
