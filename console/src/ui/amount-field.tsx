import type { ReactNode } from 'react';
import { readAmount, showAmount } from '../show/amounts.ts';
import { fill, useLanguage } from '../text/language.tsx';
import { Field } from './field.tsx';

type AmountFieldProps = {
  readonly typed: string;
  readonly currency: string;
  /** Behind the point of the currency. */
  readonly digits: number;
  readonly isTried: boolean;
  readonly autoFocus?: boolean;
  readonly onType: (typed: string) => void;
};

/** An amount as text, never as a number of the browser's: no wheel changes it, and what was understood is said. */
export function AmountField({
  typed,
  currency,
  digits,
  isTried,
  autoFocus,
  onType,
}: AmountFieldProps): ReactNode {
  const { text, locale } = useLanguage();
  const amount = readAmount(typed, locale, digits);
  const isWrong = isTried && typed !== '' && amount === undefined;
  return (
    <Field
      label={`${text.counter.amount} (${currency})`}
      inputMode="decimal"
      autoComplete="off"
      value={typed}
      onChange={(event) => onType(event.target.value)}
      hint={
        amount === undefined
          ? undefined
          : fill(text.counter.understood, { amount: showAmount(amount, currency, locale) })
      }
      error={isWrong ? fill(text.counter.notAnAmount, { currency }) : undefined}
      autoFocus={autoFocus}
      required
    />
  );
}
