import { type ReactNode, useState } from 'react';
import type { TotpEnrolment } from '#sdk/index.ts';
import { bank, session } from '../api/session.ts';
import { useSession } from '../api/use-bank.ts';
import { Code } from '../show/show.tsx';
import { useText } from '../text/language.tsx';
import { Field } from '../ui/field.tsx';
import { SecretForm } from '../ui/secret-form.tsx';
import { QrPicture } from './qr-picture.tsx';
import { useAccessText } from './text.ts';

/** Turns the second factor on in three steps, or takes it away. */
export function SecondFactor(): ReactNode {
  const text = useAccessText();
  const state = useSession();
  const [enrolment, setEnrolment] = useState<TotpEnrolment>();
  const [codes, setCodes] = useState<readonly string[]>();
  if (state.is !== 'in' && state.is !== 'over') return null;
  if (codes !== undefined)
    return (
      <RecoveryCodes
        codes={codes}
        onKept={() => {
          // Not before: what follows may be another page, and they are shown once.
          setCodes(undefined);
          setEnrolment(undefined);
          void session.renew();
        }}
      />
    );
  if (enrolment !== undefined) return <Confirm enrolment={enrolment} onDone={setCodes} />;
  if (state.user.totpEnabled) return <Remove />;
  return (
    <SecretForm
      submit={text.setUp}
      send={async (_, idempotencyKey) => setEnrolment(await bank.auth.enrolTotp({ idempotencyKey }))}
    >
      <p>{text.factorOff}</p>
    </SecretForm>
  );
}

type ConfirmProps = {
  readonly enrolment: TotpEnrolment;
  readonly onDone: (codes: readonly string[]) => void;
};

function Confirm({ enrolment, onDone }: ConfirmProps): ReactNode {
  const text = useAccessText();
  return (
    <>
      <p>{text.scan}</p>
      <QrPicture text={enrolment.otpauthUri} label={text.qr} />
      <p>
        {text.secret}: <Code value={enrolment.secret} />
      </p>
      <SecretForm
        submit={text.confirm}
        send={async (typed, idempotencyKey) => {
          const code = typed('code').replaceAll(/\s/g, '');
          onDone((await bank.auth.confirmTotp({ code }, { idempotencyKey })).recoveryCodes);
        }}
      >
        <Field
          label={text.code}
          hint={text.codeWhy}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          autoFocus
          required
        />
      </SecretForm>
    </>
  );
}

type RecoveryCodesProps = { readonly codes: readonly string[]; readonly onKept: () => void };

function RecoveryCodes({ codes, onKept }: RecoveryCodesProps): ReactNode {
  const text = useAccessText();
  const { copied } = useText();
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(codes.join('\n'));
    setCopied(true);
  };
  return (
    <>
      <h3>{text.recovery}</h3>
      <p>{text.recoveryWhy}</p>
      <ul className="codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <p className="row">
        <button type="button" className="primary" autoFocus onClick={onKept}>
          {text.kept}
        </button>
        <button type="button" onClick={() => void copy()}>
          {isCopied ? copied : text.copyAll}
        </button>
      </p>
    </>
  );
}

function Remove(): ReactNode {
  const text = useAccessText();
  return (
    <>
      <p>{text.factorOn}</p>
      <details>
        <summary>{text.remove}</summary>
        <SecretForm
          submit={text.remove}
          send={async (typed) => {
            await bank.auth.removeTotp({ password: typed('password') });
            await session.renew();
          }}
        >
          <Field
            label={text.password}
            hint={text.removeWhy}
            name="password"
            type="password"
            autoComplete="current-password"
            required
          />
        </SecretForm>
      </details>
    </>
  );
}
