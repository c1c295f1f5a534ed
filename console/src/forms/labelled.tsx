import { type ReactNode, useId } from 'react';
import { fill } from '../text/language.tsx';
import { useForm } from './context.ts';
import type { Field } from './description.ts';
import type { Named } from './labels/named.ts';
import type { Fault } from './read.ts';

/** What an input needs to be named and described. */
export type InputProps = {
  readonly id: string;
  readonly required: boolean;
  readonly 'aria-invalid': true | undefined;
  readonly 'aria-describedby': string | undefined;
};

type LabelledProps = {
  readonly field: Field;
  readonly path: string;
  /** What was understood of what is typed. */
  readonly echo?: string | undefined;
  readonly isWide?: boolean;
  readonly children: (input: InputProps) => ReactNode;
};

/** A field with its label, what it is for, what was understood, and what is wrong with it. */
export function Labelled({ field, path, echo, isWide = false, children }: LabelledProps): ReactNode {
  const id = useId();
  const { labels } = useForm();
  const error = useError(path);
  const notes = [
    error !== undefined && [`${id}-error`, 'hint wrong', error],
    echo !== undefined && [`${id}-echo`, 'hint echo', echo],
    field.help !== undefined && [`${id}-help`, 'hint', field.help],
  ].filter((note) => note !== false);
  return (
    <div className={isWide ? 'field wide' : 'field'}>
      <label htmlFor={id}>
        {labels.field(field.name)}
        {field.isRequired !== true && <span className="optional"> {labels.words.optional}</span>}
      </label>
      {children({
        id,
        required: field.isRequired === true && field.isNullable !== true,
        'aria-invalid': error === undefined ? undefined : true,
        'aria-describedby': notes.length === 0 ? undefined : notes.map(([noteId]) => noteId).join(' '),
      })}
      {notes.map(([noteId, className, text]) => (
        // The document is in English.
        <p key={noteId} id={noteId} className={className} lang={className === 'hint' ? 'en' : undefined}>
          {text}
        </p>
      ))}
    </div>
  );
}

/** What is said of the field at a path: first the bank, then the console once the form was tried. */
export function useError(path: string): string | undefined {
  const { refused, faults, isTried, labels } = useForm();
  const fault = faults.get(path);
  return refused.get(path) ?? (isTried && fault !== undefined ? wordsOf(fault, labels) : undefined);
}

export function wordsOf({ name, values = {} }: Fault, { words }: Named): string {
  return fill(words[name], values);
}
