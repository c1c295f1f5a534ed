import { type FormEvent, type ReactNode, useId } from 'react';
import type { Field } from '../forms/description.ts';
import { useLabels } from '../forms/labels/labels.ts';
import { readRate, typedDecimal } from '../forms/numbers.ts';
import { useLanguage } from '../text/language.tsx';
import type { Params } from './bank.ts';

type FiltersProps = {
  readonly fields: readonly Field[];
  readonly values: Params;
  readonly title: string;
  readonly button: string;
  readonly isOpen?: boolean;
  readonly onApply: (values: Readonly<Record<string, string | undefined>>) => void;
};

/** As many as any currency has: which one it is, another filter says. */
const MOST_DECIMALS = 4;

/** What a list or a report is asked for. It is asked when the form is sent: half a date finds nothing. */
export function Filters({ fields, values, title, button, isOpen = false, onApply }: FiltersProps): ReactNode {
  const { locale } = useLanguage();
  if (fields.length === 0) return null;
  const apply = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const parts = fields.map(({ name, kind }) => {
      const value = given.get(name);
      const typed = typeof value === 'string' ? value.trim() : '';
      // What is no amount is sent as it is: the bank says what is wrong with it.
      const read = kind === 'money' ? (readRate(typed, locale, MOST_DECIMALS, false) ?? typed) : typed;
      return [name, read === '' ? undefined : read] as const;
    });
    onApply(Object.fromEntries(parts));
  };
  return (
    <details className="filters" open={isOpen || fields.some(({ name }) => values[name] !== undefined)}>
      <summary>{title}</summary>
      <form onSubmit={apply}>
        <div className="form-grid">
          {fields.map((field) => (
            <Filter key={field.name} field={field} value={values[field.name] ?? ''} />
          ))}
        </div>
        <button type="submit">{button}</button>
      </form>
    </details>
  );
}

function Filter({ field, value }: { readonly field: Field; readonly value: string }): ReactNode {
  const labels = useLabels();
  const { locale } = useLanguage();
  const id = useId();
  const values = field.kind === 'boolean' ? ['true', 'false'] : field.values;
  const common = {
    id,
    name: field.name,
    defaultValue: field.kind === 'money' ? typedDecimal(value, locale) : value,
    required: field.isRequired === true,
    title: field.help,
  };
  return (
    <div className="field">
      <label htmlFor={id}>{labels.field(field.name)}</label>
      {values === undefined ? (
        <input
          {...common}
          type={field.kind === 'date' ? 'date' : 'text'}
          inputMode={field.kind === 'integer' || field.kind === 'money' ? 'decimal' : undefined}
          autoComplete="off"
        />
      ) : (
        <select {...common}>
          <option value="">{labels.words.all}</option>
          {values.map((one) => (
            <option key={one} value={one}>
              {labels.value(field.name, one)}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
