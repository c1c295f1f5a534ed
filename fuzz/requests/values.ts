import fc from 'fast-check';
import { SCOPES } from '#lib/scopes.ts';
import { chance, type Draw, pick } from '../draw.ts';
import type { Schema } from '../operations.ts';
import type { Pool } from '../pool.ts';

/** The percentage of optional fields that are given. */
const OPTIONAL_PERCENT = 35;
const MOST_ITEMS = 4;
/** Dates lie around the bank's: further away there is nothing to be found. */
const DAYS_AROUND = 40;
const DAY_MS = 86_400_000;

/** Where values come from. */
export type Source = {
  readonly draw: Draw;
  readonly pool: Pool;
  /** Of one customer: what belongs together. */
  readonly own: Pool;
  readonly nowMs: number;
};

/** What a schema leaves to the description, by the field's name. */
const BY_NAME: Readonly<Record<string, (source: Source) => unknown>> = {
  email: ({ draw }) => `fuzz.${draw(fc.uuid())}@florin.example`,
  password: () => 'violet anchors drift slowly',
  iban: (source) => iban(source),
  toIban: (source) => iban(source),
  currency: ({ draw }) => (chance(draw, 85) ? 'EUR' : pick(draw, ['USD', 'JPY', 'KWD', 'XXX', 'CHF'])),
  product: ({ draw }) => pick(draw, ['current', 'savings']),
  country: ({ draw }) => pick(draw, ['DE', 'FR', 'CH']),
  scopes: ({ draw }) => draw(fc.uniqueArray(fc.constantFrom(...SCOPES), { minLength: 1, maxLength: 5 })),
  dateOfBirth: ({ draw }) =>
    `19${draw(fc.integer({ min: 40, max: 99 }))}-0${draw(fc.integer({ min: 1, max: 9 }))}-15`,
  cursor: ({ draw, pool }) => pool.any('nextCursor', draw) ?? 'none',
};

/** A value that the schema takes. */
export function madeOf(schema: Schema, source: Source, name = ''): unknown {
  const { draw } = source;
  const named = BY_NAME[name];
  if (named !== undefined) return named(source);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return pick(draw, schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return madeOf(pick(draw, choices), source, name);
  const type = typeof schema.type === 'string' ? schema.type : pick(draw, schema.type ?? ['null']);
  switch (type) {
    case 'string':
      return textOf(schema, source);
    case 'integer':
    case 'number': {
      const { minimum = 0, maximum = 1_000_000 } = schema;
      return draw(fc.integer({ min: minimum, max: maximum }));
    }
    case 'boolean':
      return draw(fc.boolean());
    case 'array':
      return arrayOf(schema, source);
    case 'object':
      return objectOf(schema, source);
    default:
      return null;
  }
}

/** The kind of resource that a schema's id names: `acc`. */
export function kindOf({ description = '', examples = [] }: Schema, example: unknown = examples[0]): string {
  const kind = typeof example === 'string' ? example.split('_')[0] : /\^([a-z]+)_/.exec(description)?.[1];
  return kind ?? '';
}

/** A date near today. */
export function dateOf({ draw, nowMs }: Source, daysAround = DAYS_AROUND): string {
  const days = draw(fc.integer({ min: -daysAround, max: daysAround }));
  return Temporal.Instant.fromEpochMilliseconds(nowMs + days * DAY_MS)
    .toString()
    .slice(0, 10);
}

function textOf(schema: Schema, source: Source): string {
  const { draw, pool } = source;
  if (schema.format === 'typeid') return pool.id(kindOf(schema), draw);
  if (schema.format === 'date') return dateOf(source);
  if (schema.format === 'date-time') return `${dateOf(source)}T12:00:00Z`;
  if (schema.pattern?.includes('{0,3}') === true) return `${draw(fc.nat(20))}`;
  if (schema.pattern?.includes('[0-9]') === true) return amountOf(source);
  const [example] = schema.examples ?? [];
  if (typeof example === 'string' && chance(draw, 80)) return example;
  if (schema.pattern !== undefined) return draw(fc.stringMatching(new RegExp(schema.pattern)));
  const { minLength = 0, maxLength = 100 } = schema;
  return draw(fc.string({ minLength, maxLength: Math.min(maxLength, 40), unit: 'grapheme' }));
}

/** Mostly a small amount with two decimals: large ones would leave nothing to spend. */
function amountOf({ draw }: Source): string {
  const whole = draw(fc.nat(chance(draw, 90) ? 20 : 1_000_000));
  return chance(draw, 80) ? `${whole}.${draw(fc.integer({ min: 10, max: 99 }))}` : `${whole}`;
}

function iban({ draw, pool }: Source): string {
  return (chance(draw, 70) ? pool.any('iban', draw) : undefined) ?? 'DE89370400440532013000';
}

function arrayOf({ items = {}, minItems = 0, maxItems = MOST_ITEMS }: Schema, source: Source): unknown[] {
  const max = Math.max(minItems, Math.min(maxItems, MOST_ITEMS));
  const length = source.draw(fc.integer({ min: minItems, max }));
  return Array.from({ length }, () => madeOf(items, source));
}

function objectOf({ properties = {}, required = [], additionalProperties }: Schema, source: Source): object {
  const { draw } = source;
  const names = Object.keys(properties).filter(
    (name) => required.includes(name) || chance(draw, OPTIONAL_PERCENT),
  );
  const known = names.map((name) => [name, madeOf(properties[name] ?? {}, source, name)] as const);
  const more =
    typeof additionalProperties === 'object'
      ? [
          [
            draw(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' })),
            madeOf(additionalProperties, source),
          ] as const,
        ]
      : [];
  return Object.fromEntries([...known, ...more]);
}
