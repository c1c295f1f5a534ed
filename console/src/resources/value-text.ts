import type { Field } from '../forms/description.ts';
import type { Named } from '../forms/labels/named.ts';
import { showDecimal } from '../forms/numbers.ts';
import { plainText } from '../forms/plain-text.ts';
import { chosenFields, fieldsOf, type Shapes, shapeOf } from '../forms/shapes.ts';
import { showAmount } from '../show/amounts.ts';
import { inGroups } from '../show/show.tsx';
import { currencyOf, isRow } from './row.ts';

export type ShowPlace = {
  readonly shapes: Shapes;
  readonly labels: Named;
  readonly locale: string;
  readonly timeZone: string;
  readonly currency?: string | undefined;
};

/** A value in words, for a cell, a confirmation, or a comparison of two versions. Empty for what is not known. */
export function textOf(field: Field, value: unknown, place: ShowPlace): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) {
    const { item } = field;
    return value.map((one) => (item === undefined ? plainText(one) : textOf(item, one, place))).join(', ');
  }
  if (isRow(value)) return groupText(field, value, place);
  const text = plainText(value);
  switch (field.kind) {
    case 'money':
      return moneyText(text, place);
    case 'decimal':
      return rateText(field.name, text, place.locale);
    case 'date':
      return dateText(text, place.locale);
    case 'instant':
      return instantText(text, place);
    case 'boolean':
      return value === true || text === 'true' ? place.labels.words.yes : place.labels.words.no;
    case 'enum':
      return place.labels.value(field.name, text);
    case 'iban':
      return inGroups(text);
    case 'secret':
      return '••••••••';
    default:
      return text;
  }
}

function groupText(field: Field, value: Readonly<Record<string, unknown>>, place: ShowPlace): string {
  if (field.kind === 'texts' || field.kind === 'json' || field.shape === undefined)
    return Object.entries(value)
      .map(([name, one]) => `${name}: ${plainText(one)}`)
      .join(', ');
  return fieldsOfValue(field, value, place.shapes)
    .flatMap((part) => {
      const text = textOf(part, value[part.name], {
        ...place,
        currency: currencyOf(part, value, place.currency),
      });
      return text === '' ? [] : [`${place.labels.field(part.name)} ${text}`];
    })
    .join(' · ');
}

/** The fields that a group has; of a choice, those of what it is. */
export function fieldsOfValue(
  field: Field,
  value: Readonly<Record<string, unknown>>,
  shapes: Shapes,
): readonly Field[] {
  const shape = shapeOf(field, shapes);
  if ('fields' in shape) return fieldsOf(field, shapes);
  const by: Field = { name: shape.by, kind: 'enum' };
  return [by, ...chosenFields(field, plainText(value[shape.by]), shapes)];
}

export function moneyText(text: string, { currency, locale }: ShowPlace): string {
  if (!/^-?\d/.test(text)) return text;
  return currency !== undefined && /^[A-Z]{3}$/.test(currency)
    ? showAmount(text, currency, locale)
    : showDecimal(text, locale);
}

function rateText(name: string, text: string, locale: string): string {
  const shown = showDecimal(text, locale);
  return /percent$/i.test(name) ? `${shown} %` : shown;
}

function dateText(date: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  return format.format(new Date(`${date}T00:00:00Z`));
}

function instantText(instant: string, { locale, timeZone }: ShowPlace): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  return format.format(new Date(instant));
}
