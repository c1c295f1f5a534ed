import type { ChangeEvent, ReactNode } from 'react';
import { showAmount } from '../show/amounts.ts';
import { fill } from '../text/language.tsx';
import { useForm } from './context.ts';
import type { Field } from './description.ts';
import { Labelled } from './labelled.tsx';
import { digitsOf, readDecimal, readRate, showDecimal } from './numbers.ts';

type ScalarProps = {
  readonly field: Field;
  readonly typed: string;
  readonly path: string;
  readonly autoFocus?: boolean | undefined;
  readonly onType: (typed: string) => void;
};

type Typing = (event: ChangeEvent<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>) => void;

/** A field with one value, in the input that its kind takes. */
export function Scalar(props: ScalarProps): ReactNode {
  const { field, path, typed, autoFocus, onType } = props;
  const { timeZone, labels } = useForm();
  const echo = useEcho(field, typed);
  const onChange: Typing = (event) => onType(event.target.value);
  if (field.kind === 'enum' || field.kind === 'boolean') return <Choice {...props} />;
  if (field.kind === 'longText')
    return (
      <Labelled field={field} path={path} isWide>
        {(input) => <textarea {...input} rows={2} value={typed} autoFocus={autoFocus} onChange={onChange} />}
      </Labelled>
    );
  return (
    <Labelled
      field={field}
      path={path}
      echo={field.kind === 'instant' ? fill(labels.words.inZone, { zone: timeZone }) : echo}
    >
      {(input) => (
        <input
          {...input}
          {...ATTRIBUTES[field.kind]}
          value={typed}
          autoFocus={autoFocus}
          onChange={onChange}
        />
      )}
    </Labelled>
  );
}

/** Amounts, rates and numbers are text: no wheel changes them, and a comma is a comma. */
const ATTRIBUTES: Readonly<Partial<Record<Field['kind'], object>>> = {
  money: { inputMode: 'decimal', autoComplete: 'off', className: 'figure' },
  decimal: { inputMode: 'decimal', autoComplete: 'off', className: 'figure' },
  integer: { inputMode: 'numeric', autoComplete: 'off', className: 'figure' },
  date: { type: 'date' },
  instant: { type: 'datetime-local' },
  email: { type: 'email', autoComplete: 'off' },
  phone: { type: 'tel', autoComplete: 'off' },
  secret: { type: 'password', autoComplete: 'new-password' },
  id: { autoComplete: 'off', spellCheck: false, className: 'code-input' },
  iban: { autoComplete: 'off', spellCheck: false, className: 'code-input' },
  currency: { autoComplete: 'off', maxLength: 3, className: 'short' },
  country: { autoComplete: 'off', maxLength: 2, className: 'short' },
  text: { autoComplete: 'off' },
};

function Choice({ field, path, typed, autoFocus, onType }: ScalarProps): ReactNode {
  const { labels } = useForm();
  const values = field.kind === 'boolean' ? ['true', 'false'] : (field.values ?? []);
  const isSet = field.kind === 'boolean' && field.isRequired === true;
  return (
    <Labelled field={field} path={path}>
      {(input) => (
        <select
          {...input}
          value={typed}
          autoFocus={autoFocus}
          onChange={(event) => onType(event.target.value)}
        >
          {!isSet && <option value="">{labels.words.notChosen}</option>}
          {values.map((value) => (
            <option key={value} value={value}>
              {labels.value(field.name, value)}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

/** How a number was understood, before anything is sent. */
function useEcho(field: Field, typed: string): string | undefined {
  const { locale, currency, labels } = useForm();
  if (typed.trim() === '') return undefined;
  if (field.kind === 'money') {
    const digits = digitsOf(currency);
    const read = readDecimal(typed, locale, digits, field.isSigned === true);
    if (read === undefined) return undefined;
    const shown =
      currency === undefined || digits === undefined
        ? showDecimal(read, locale)
        : showAmount(read, currency, locale);
    return fill(labels.words.understood, { value: shown });
  }
  if (field.kind !== 'decimal') return undefined;
  const read = readRate(typed, locale, field.most ?? 0, field.isSigned === true);
  return read === undefined ? undefined : fill(labels.words.understood, { value: showDecimal(read, locale) });
}
