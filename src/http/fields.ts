import { type Static, type TSchema, Type } from 'typebox';
import type { IdName } from '#lib/ids.ts';
import type { Labels } from '#lib/labels.ts';
import {
  AmountSchema,
  CurrencySchema,
  DateSchema,
  described,
  InstantSchema,
  MetadataFilterSchema,
  MetadataSchema,
  nullable,
  SignedAmountSchema,
  typeIdSchema,
} from './schemas.ts';
import { TEXT_KEYWORD } from './text-keyword.ts';

/**
 * The fields of requests and answers. Each has a description in the document, and an example unless its schema has a
 * name.
 */

/** A TypeID. */
export const id = (name: IdName, description: string) => described(typeIdSchema(name), description);

/** An amount in a request, in major units. */
export const amount = (description: string) => described(AmountSchema, description);

/** An amount in an answer, in major units. */
export const signedAmount = (description: string) => described(SignedAmountSchema, description);

export const currency = (description: string) => described(CurrencySchema, description);
export const date = (description: string) => described(DateSchema, description);
export const instant = (description: string) => described(InstantSchema, description);
export const metadata = (description: string) => described(MetadataSchema, description);

/** Text in an answer; in a request, with the bounds that are given. */
export const text = (
  description: string,
  example: string,
  bounds: { readonly minLength?: number; readonly maxLength?: number; readonly format?: string } = {},
) => Type.String({ description, examples: [example], ...bounds });

/** Characters of a text: what the entities and columns take, and the document says. */
export const LENGTHS = {
  /** Reasons, descriptions. */
  text: 500,
  /** A reference or a name in a payment, as ISO 20022 messages carry it. */
  payment: 140,
  /** Names of organisations, users and streets. */
  name: 200,
  /** Names of persons, cities, keys, and ids of other systems. */
  short: 100,
  /** Numbers of states and registers. */
  number: 50,
} as const;

/** An IBAN has 34 characters; people write spaces between them, and programs worse. */
const MAX_IBAN_LENGTH = 100;

/** A line of text in a request: not empty, and without control characters. */
export const givenText = (description: string, example: string, maxLength: number = LENGTHS.text) =>
  Type.String({ description, examples: [example], minLength: 1, maxLength, [TEXT_KEYWORD]: 'line' });

/** A name in a request: a line with a letter of any script. */
export const givenName = (description: string, example: string, maxLength: number = LENGTHS.name) =>
  Type.String({ description, examples: [example], minLength: 1, maxLength, [TEXT_KEYWORD]: 'name' });

/** A password, code or token in a request: any characters, and not empty. */
export const givenSecret = (description: string, example: string, maxLength: number) =>
  text(description, example, { minLength: 1, maxLength });

/** An IBAN in a request, in any spacing and case. */
export const givenIban = (description: string, example: string) =>
  text(description, example, { maxLength: MAX_IBAN_LENGTH, format: 'iban' });

/** The labels in a request: the id in the client's own systems, and texts by name. */
export const givenLabels = (example: string) => ({
  externalId: Type.Optional(givenText('The id in your own systems, unique among its kind.', example, 100)),
  metadata: Type.Optional(metadata('Texts of your own, by name.')),
});

/** The labels in a change of what has them. */
export const changedLabels = (example: string) => ({
  externalId: Type.Optional(
    nullable(givenText('The id in your own systems, unique among its kind; null removes it.', example, 100)),
  ),
  metadata: Type.Optional(metadata('All texts of your own: those not given are removed.')),
});

/** The labels in an answer. */
export const shownLabels = (example: string) => ({
  externalId: nullable(text('The id in your own systems.', example)),
  metadata: metadata('Texts of your own, by name.'),
});

/** The filter of a list by external id. */
export const externalIdFilter = (example: string) =>
  Type.Optional(text('The one with this id of yours.', example, { maxLength: 100 }));

/** The filter of a list by metadata: `metadata[branch]=north`, up to three of them. */
export const metadataFilter = Type.Optional(
  described(MetadataFilterSchema, 'Those with these texts of yours: `metadata[branch]=north`, each one.'),
);

/** As a row has it. */
type Nullable<Fields> = { readonly [Name in keyof Fields]: Fields[Name] | null };

/** The labels of a resource as its view shows them. */
/** The filters of a list by when its things were created. */
export const createdRange = {
  createdFrom: Type.Optional(date('Those created on this date or later, in the time zone of the bank.')),
  createdTo: Type.Optional(date('Those created on this date or before, in the time zone of the bank.')),
};

export const labelsView = ({ externalId, metadata: texts }: Nullable<Labels>) => ({
  externalId: externalId ?? null,
  metadata: { ...texts },
});

/** What a customer reads about what staff did. */
export const customerReason = Type.Optional(
  givenText('What the customer reads about it; nothing if not given.', 'At your request'),
);

/** The reason that staff give, and the one that the customer reads. */
export const reasons = (example: string) => ({
  reason: givenText('The reason, for staff: no customer reads it.', example),
  customerReason,
});

/** Why somebody with authority takes money back from an account that does not have it, or gives it no more. */
export const overdrawReason = givenText(
  'Why a manager takes it back although the account does not have it, is frozen or is closed. What is missing becomes an unarranged overdraft; in place of a closed account the bank gives it back, and claims it of the customer. No customer reads it.',
  'Credited to the wrong customer, who has spent it; case 4711',
);

/** A whole number. */
export const whole = (
  description: string,
  example: number,
  bounds: { readonly minimum?: number; readonly maximum?: number } = {},
) => Type.Integer({ description, examples: [example], ...bounds });

export const flag = (description: string) => Type.Boolean({ description });

/** One of some words, by the name of their component in the document. */
export function choice<const Values extends readonly string[]>(
  name: string,
  description: string,
  values: Values,
) {
  return Type.Unsafe<Values[number]>({ title: name, description, enum: [...values] });
}

/** A list, bounded where it is in a request. */
export function list<Item extends TSchema>(
  description: string,
  item: Item,
  bounds: { readonly minItems?: number; readonly maxItems?: number } = {},
) {
  return Type.Unsafe<Static<Item>[]>(Type.Array(item, { description, ...bounds }));
}
