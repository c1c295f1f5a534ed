import { useRef, useState } from 'react';
import { FlorinProblem, NoAnswerError } from '#sdk/index.ts';
import { type Attempt, type AttemptPlace, endAttempt, keepAttempt, openAttempt } from '../api/attempt.ts';

/** `filling`: being typed. `sending`: on its way. `unknown`: it left and no answer was heard. `done`: it succeeded. */
export type AttemptState<Done> =
  | { readonly is: 'filling'; readonly error?: unknown }
  | { readonly is: 'sending' | 'unknown' }
  | { readonly is: 'done'; readonly answer: Done };

export type UsedAttempt<Form extends object, Done> = {
  readonly attempt: Attempt<Form>;
  readonly state: AttemptState<Done>;
  readonly change: (fields: Partial<Form>) => void;
  /** Sends it, or sends it again: with the same key, so that it happens once. */
  readonly submit: () => Promise<void>;
  readonly giveUp: () => void;
};

/** Answers after which the bank may have done it all the same: the same key is asked again. */
const UNDECIDED: ReadonlySet<number> = new Set([408, 500, 502, 503, 504]);

/**
 * An attempt at something that moves money. It has one key from the moment its form opens until it succeeded, through
 * double clicks, reloads, lost networks and ended sessions. What was sent and not answered cannot be changed: it can
 * only be asked about, by sending it again.
 */
export function useAttempt<Form extends object, Done>(
  name: string,
  empty: Form,
  place: AttemptPlace,
  send: (attempt: Attempt<Form>) => Promise<Done>,
): UsedAttempt<Form, Done> {
  const [attempt, setAttempt] = useState(() => openAttempt(name, empty, place));
  const [state, setState] = useState<AttemptState<Done>>(
    attempt.sentAt === undefined ? { is: 'filling' } : { is: 'unknown' },
  );
  const isBusy = useRef(false);

  const keep = (next: Attempt<Form>): void => {
    keepAttempt(name, next);
    setAttempt(next);
  };
  const submit = async (): Promise<void> => {
    if (isBusy.current) return;
    isBusy.current = true;
    const sent = { ...attempt, sentAt: attempt.sentAt ?? new Date().toISOString() };
    // Before the first byte leaves: whatever happens to this page, the next one knows.
    keep(sent);
    setState({ is: 'sending' });
    try {
      const answer = await send(sent);
      endAttempt(name);
      setState({ is: 'done', answer });
    } catch (error) {
      if (isUndecided(error)) setState({ is: 'unknown' });
      else {
        keep({ ...sent, sentAt: undefined });
        setState({ is: 'filling', error });
      }
    } finally {
      isBusy.current = false;
    }
  };
  return {
    attempt,
    state,
    change: (fields) => keep({ ...attempt, form: { ...attempt.form, ...fields } }),
    submit,
    giveUp: () => endAttempt(name),
  };
}

function isUndecided(error: unknown): boolean {
  if (error instanceof NoAnswerError) return true;
  if (!(error instanceof FlorinProblem)) return false;
  return UNDECIDED.has(error.status) || error.code === 'idempotency_in_progress';
}
