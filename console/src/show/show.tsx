import { type ReactNode, useState } from 'react';
import { useLanguage } from '../text/language.tsx';
import { showAmount } from './amounts.ts';

/** An amount, in the figures of a column: negative ones have a sign and a colour of their own. */
export function Money({
  amount,
  currency,
}: {
  readonly amount: string;
  readonly currency: string;
}): ReactNode {
  const { locale } = useLanguage();
  const sign = amount.startsWith('-') ? 'negative' : 'positive';
  return <span className={`money ${sign}`}>{showAmount(amount, currency, locale)}</span>;
}

/** A date of the bank: no zone has a part in it. */
export function DateText({ date }: { readonly date: string }): ReactNode {
  const { locale } = useLanguage();
  const shown = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(
    new Date(`${date}T00:00:00Z`),
  );
  return <time dateTime={date}>{shown}</time>;
}

/** An instant with the zone that it is shown in. */
export function InstantText({
  instant,
  timeZone,
}: {
  readonly instant: string;
  readonly timeZone: string;
}): ReactNode {
  const { locale } = useLanguage();
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'long', timeZone });
  return <time dateTime={instant}>{format.format(new Date(instant))}</time>;
}

/** The hour and minute of an instant, for what happened a moment ago. */
export function clockTime(instant: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(new Date(instant));
}

/** A code that others will want: it is copied by its button. */
export function Code({ value, label }: { readonly value: string; readonly label?: string }): ReactNode {
  const { text } = useLanguage();
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  };
  return (
    <span className="code">
      <code>{label ?? value}</code>
      <button
        type="button"
        className="quiet"
        aria-label={`${text.copy} ${value}`}
        onClick={() => void copy()}
      >
        {isCopied ? text.copied : text.copy}
      </button>
    </span>
  );
}

/** An IBAN in groups of four. */
export function inGroups(iban: string): string {
  return iban.replaceAll(/(.{4})(?=.)/g, '$1 ');
}
