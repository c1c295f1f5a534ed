import { type ReactNode, type SubmitEvent, useRef, useState } from 'react';
import { FlorinProblem } from '#sdk/index.ts';
import { Failure } from './fail.tsx';

type SecretFormProps = {
  readonly children: ReactNode;
  readonly submit: string;
  /** What was typed by the fields' names, and a key that stays the same for as long as no answer is heard. */
  readonly send: (typed: (name: string) => string, idempotencyKey: string) => Promise<void>;
  /** Called with what went wrong, before it is shown; true where nothing is to be shown. */
  readonly onError?: (error: unknown) => boolean;
};

/** A form for what is never kept: passwords and codes. They are in its fields alone, and leave with its request. */
export function SecretForm({ children, submit, send, onError }: SecretFormProps): ReactNode {
  const [error, setError] = useState<unknown>();
  const isBusy = useRef(false);
  const key = useRef<string>(undefined);
  const go = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (isBusy.current) return;
    isBusy.current = true;
    key.current ??= crypto.randomUUID();
    const fields = new FormData(event.currentTarget);
    try {
      await send((name) => {
        const value = fields.get(name);
        return typeof value === 'string' ? value : '';
      }, key.current);
      key.current = undefined;
      setError(undefined);
    } catch (failure) {
      if (failure instanceof FlorinProblem) key.current = undefined;
      setError(onError?.(failure) === true ? undefined : failure);
    } finally {
      isBusy.current = false;
    }
  };
  return (
    <form
      onSubmit={(event) => void go(event)}
      onChange={() => {
        key.current = undefined;
      }}
    >
      {children}
      {error !== undefined && <Failure error={error} />}
      <button type="submit" className="primary">
        {submit}
      </button>
    </form>
  );
}
