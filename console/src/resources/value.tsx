import type { ReactNode } from 'react';
import type { Field } from '../forms/description.ts';
import { Code, DateText, InstantText, inGroups, Money } from '../show/show.tsx';
import type { Row } from './bank.ts';
import { ResourceLink } from './links.tsx';
import { RESOURCE_OF_ID, resourceNamed } from './resources.ts';
import { currencyOf } from './row.ts';
import { type ShowPlace, textOf } from './value-text.ts';

type ValueProps = {
  readonly field: Field;
  readonly value: unknown;
  /** What the value stands in: an amount has its currency there. */
  readonly row: Row;
  readonly place: ShowPlace;
  /** Among facts, codes have a button that copies them. */
  readonly isFact?: boolean;
};

/** A value of an answer as its kind is read. */
export function Value({ field, value, row, place, isFact = false }: ValueProps): ReactNode {
  if (value === null || value === undefined || value === '') return null;
  const currency = currencyOf(field, row, place.currency);
  const within = { ...place, currency };
  if (typeof value !== 'string') return textOf(field, value, within);
  if (/^[a-z]+_[0-9a-z]{26}$/.test(value)) return <IdText id={value} isFact={isFact} />;
  switch (field.kind) {
    case 'money':
      return currency === undefined ? (
        <span className="money">{textOf(field, value, within)}</span>
      ) : (
        <Money amount={value} currency={currency} />
      );
    case 'date':
      return <DateText date={value} />;
    case 'instant':
      return isFact ? (
        <InstantText instant={value} timeZone={place.timeZone} />
      ) : (
        <time dateTime={value}>{textOf(field, value, within)}</time>
      );
    default:
      return isFact && isCopied(field) ? (
        <Code value={value} label={field.name === 'iban' ? inGroups(value) : value} />
      ) : (
        textOf(field.name === 'iban' ? { ...field, kind: 'iban' } : field, value, within)
      );
  }
}

/** What others will want to paste elsewhere. */
const COPIED =
  /^(.*Iban|iban|number|.*Number|code|prefix|token|secret|otpauthUri|.*[hH]ash|externalId|.*[rR]eference|sha256|email|phone)$/;

function isCopied({ name, kind }: Field): boolean {
  return kind === 'iban' || COPIED.test(name);
}

/** An id: a link where there is a screen for it, and to be copied. */
function IdText({ id, isFact }: { readonly id: string; readonly isFact: boolean }): ReactNode {
  const link = <IdLink id={id} />;
  return isFact ? (
    <span className="id-fact">
      {link}
      <Code value={id} label="" />
    </span>
  ) : (
    link
  );
}

export function IdLink({ id }: { readonly id: string }): ReactNode {
  const resource = resourceNamed(RESOURCE_OF_ID[id.slice(0, id.indexOf('_'))] ?? '');
  if (resource === undefined) return <code>{id}</code>;
  return (
    <ResourceLink resource={resource} params={[id]}>
      <code>{id}</code>
    </ResourceLink>
  );
}
