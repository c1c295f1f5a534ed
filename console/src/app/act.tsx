import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, lazy, type ReactNode, Suspense, useState } from 'react';
import type { Attempt } from '../api/attempt.ts';
import { clockTime } from '../show/show.tsx';
import { fill, useLanguage, useText } from '../text/language.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { DoneRow } from '../ui/done-row.tsx';
import { Failure } from '../ui/fail.tsx';
import { type Fact, Facts } from '../ui/list.tsx';
import { useAsOf } from './as-of.tsx';
import type { DryRun } from './try-out.tsx';
import { useAttempt } from './use-attempt.ts';

const TryOut = lazy(async () => ({ default: (await import('./try-out.tsx')).TryOut }));

export type ActProps<Form extends object, Done> = {
  /** What it is kept under: the operation, and what it is about. */
  readonly name: string;
  readonly title: string;
  readonly empty: Form;
  readonly fields: (
    form: Form,
    change: (fields: Partial<Form>) => void,
    isTried: boolean,
    /** The last refusal: what it says of a field is said there. */
    error: unknown,
  ) => ReactNode;
  /** The words of the last button, `Pay in EUR 25.00`; undefined while what was typed cannot be sent. */
  readonly confirm: (form: Form) => string | undefined;
  /** What is said beside that button. */
  readonly facts: (form: Form) => readonly Fact[];
  readonly send: (attempt: Attempt<Form>) => Promise<Done>;
  /** Asks what it would do, where that can be asked. */
  readonly tryOut?: ((form: Form) => Promise<DryRun>) | undefined;
  /** What follows success; it closes itself if there is nothing to show. */
  readonly done?: (answer: Done, close: () => void) => ReactNode;
  readonly onClose: () => void;
};

/**
 * An act of the bank in a dialog: what is typed, what it means in words, and what came of it. One key serves it from
 * beginning to end. A refusal comes back to the fields. What was sent and not answered can be asked about, and nothing
 * else.
 */
export function Act<Form extends object, Done>(props: ActProps<Form, Done>): ReactNode {
  const text = useText();
  if (useAsOf() === undefined) return <ActNow {...props} />;
  // By its address: the buttons that lead here are off.
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <p>{text.asOf.readOnly}</p>
      <button type="button" className="primary" autoFocus onClick={props.onClose}>
        {text.act.done}
      </button>
    </Dialog>
  );
}

function ActNow<Form extends object, Done>(props: ActProps<Form, Done>): ReactNode {
  const { name, title, empty, fields, confirm, facts, send, tryOut, done, onClose } = props;
  const text = useText();
  const queries = useQueryClient();
  const [isChecked, setChecked] = useState(false);
  const href = `${location.pathname.replace(/^\/console/, '')}${location.search}`;
  const { attempt, state, change, submit, giveUp } = useAttempt(name, empty, { title, href }, send);
  const words = confirm(attempt.form);

  const close = (): void => {
    if (state.is === 'filling') giveUp();
    if (state.is === 'done') void queries.invalidateQueries();
    onClose();
  };
  // Once it was sent, what follows is its success, its refusal at the fields, or the question what became of it.
  const pay = (): void => void submit().then(() => setChecked(false));
  const body = (): ReactNode => {
    switch (state.is) {
      case 'done':
        return done?.(state.answer, close) ?? <Done onClose={close} />;
      case 'unknown':
        return (
          <Unanswered sentAt={attempt.sentAt ?? ''} what={words ?? title} onAsk={pay} onClose={onClose} />
        );
      case 'sending':
        return <p aria-busy="true">{text.list.loading}</p>;
      case 'filling':
        return isChecked && words !== undefined ? (
          <Confirm
            words={words}
            facts={facts(attempt.form)}
            tryOut={tryOut && (() => tryOut(attempt.form))}
            onBack={() => setChecked(false)}
            onConfirm={pay}
          />
        ) : (
          <Filling
            fields={(isTried) => fields(attempt.form, change, isTried, state.error)}
            error={state.error}
            isReady={words !== undefined}
            onNext={() => setChecked(true)}
            onClose={close}
          />
        );
    }
  };
  return (
    <Dialog title={title} onClose={state.is === 'unknown' ? onClose : close}>
      {body()}
    </Dialog>
  );
}

type FillingProps = {
  readonly fields: (isTried: boolean) => ReactNode;
  readonly error: unknown;
  readonly isReady: boolean;
  readonly onNext: () => void;
  readonly onClose: () => void;
};

function Filling({ fields, error, isReady, onNext, onClose }: FillingProps): ReactNode {
  const text = useText();
  const [isTried, setTried] = useState(false);
  const next = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (isReady) onNext();
  };
  return (
    <form onSubmit={next}>
      {fields(isTried)}
      {error !== undefined && <Failure error={error} />}
      <p className="row">
        <button type="submit" className="primary">
          {text.act.check}
        </button>
        <button type="button" onClick={onClose}>
          {text.act.cancel}
        </button>
      </p>
    </form>
  );
}

type ConfirmProps = {
  readonly words: string;
  readonly facts: readonly Fact[];
  readonly tryOut: (() => Promise<DryRun>) | undefined;
  readonly onBack: () => void;
  readonly onConfirm: () => void;
};

function Confirm({ words, facts, tryOut, onBack, onConfirm }: ConfirmProps): ReactNode {
  const text = useText();
  return (
    <>
      <Facts facts={facts} />
      <p className="row">
        <button type="button" className="primary" autoFocus onClick={onConfirm}>
          {words}
        </button>
        <button type="button" onClick={onBack}>
          {text.act.back}
        </button>
      </p>
      {tryOut !== undefined && (
        <Suspense fallback={null}>
          <TryOut ask={tryOut} />
        </Suspense>
      )}
    </>
  );
}

type UnansweredProps = {
  readonly sentAt: string;
  readonly what: string;
  readonly onAsk: () => void;
  readonly onClose: () => void;
};

function Unanswered({ sentAt, what, onAsk, onClose }: UnansweredProps): ReactNode {
  const { text, locale } = useLanguage();
  return (
    <>
      <p className="notice stale" role="alert">
        {what}: {fill(text.act.sentAt, { time: clockTime(sentAt, locale) })}
      </p>
      <p>{text.act.askAgainWhy}</p>
      <p className="row">
        <button type="button" className="primary" autoFocus onClick={onAsk}>
          {text.act.askAgain}
        </button>
        <button type="button" onClick={onClose}>
          {text.act.later}
        </button>
      </p>
    </>
  );
}

function Done({ onClose }: { readonly onClose: () => void }): ReactNode {
  const text = useText();
  return (
    <>
      <p role="status">{text.act.isDone}</p>
      <DoneRow onClose={onClose} />
    </>
  );
}
