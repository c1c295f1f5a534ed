import { createContext, use } from 'react';
import type { Named } from './labels/named.ts';
import type { Fault, ReadPlace } from './read.ts';

/** What every field of a form knows. */
export type FormContextValue = ReadPlace & {
  readonly labels: Named;
  /** What the console itself finds wrong, by path; shown once the form was tried. */
  readonly faults: ReadonlyMap<string, Fault>;
  /** What the bank said of a field, by path, in its words. */
  readonly refused: ReadonlyMap<string, string>;
  readonly isTried: boolean;
};

export const FormContext = createContext<FormContextValue | undefined>(undefined);

export function useForm(): FormContextValue {
  const form = use(FormContext);
  if (form === undefined) throw new Error('no form around this field');
  return form;
}
