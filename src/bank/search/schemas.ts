import { type Static, Type } from 'typebox';
import { choice, list, text } from '#http/fields.ts';
import { closedObject, nullable, resource } from '#http/schemas.ts';

/** What can be found. */
export const HIT_TYPES = [
  'customer',
  'account',
  'transaction',
  'loan',
  'hold',
  'standing_order',
  'incoming_payment',
  'user',
] as const;
export type HitType = (typeof HIT_TYPES)[number];

/** By what a hit was found. */
const MATCHES = ['id', 'iban', 'number', 'external_id', 'reference', 'words', 'amount'] as const;
export type Match = (typeof MATCHES)[number];

const HitSchema = resource('SearchHit', 'Something that was found.', {
  type: choice('SearchHitType', 'What it is.', HIT_TYPES),
  id: text('Its id.', 'acc_01hk4jzh04e00acnmmqdkz21gk'),
  title: text('What it is known by.', 'DE88100100101000000001'),
  subtitle: text('What else tells it from others.', 'Anna Sommer · current EUR, active'),
  match: choice('SearchMatch', 'By what it was found.', MATCHES),
});
export type Hit = Static<typeof HitSchema>;

export const SearchAnswerSchema = resource('SearchAnswer', 'The first hits of each kind, exact ones first.', {
  data: list('What was found.', HitSchema),
  hint: nullable(
    text(
      'Where nothing is found: what is wrong with the IBAN that was asked for; null for nearly all.',
      'must be a valid IBAN: the check digits are wrong',
    ),
  ),
});

export const SearchQuery = closedObject({
  q: text(
    'Beginnings of names, an e-mail address, an account number, an IBAN, an id, an id of yours, a reference, or an amount.',
    'som ann',
    { minLength: 1, maxLength: 100 },
  ),
  types: Type.Optional(
    text('Only these types, separated by commas.', 'customer,account', { minLength: 1, maxLength: 200 }),
  ),
});
