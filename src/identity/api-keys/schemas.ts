import { type Static, Type } from 'typebox';
import {
  amount,
  choice,
  currency,
  givenText,
  id,
  instant,
  LENGTHS,
  list,
  signedAmount,
  text,
} from '#http/fields.ts';
import { idParams } from '#http/operations.ts';
import { nullable, requestObject, resource } from '#http/schemas.ts';
import type { KeyBounds } from '#lib/caller.ts';
import { checkAll, checkEach } from '#lib/check-all.ts';
import { validationFailed } from '#lib/errors.ts';
import { type Id, parseTypeId, toTypeId } from '#lib/ids.ts';
import { requireCurrency } from '#lib/money/currencies.ts';
import { formatAmount, type Money, parseAmount } from '#lib/money/money.ts';
import { SCOPES } from '#lib/scopes.ts';
import { optional, orNull } from '#lib/text.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import type { ApiKey } from './api-key.ts';

const NAME = 'Nightly reports';
const Scope = choice(
  'Scope',
  'A resource, to read it or to change it; writing does not include reading, reversing or capturing.',
  SCOPES,
);

/** More than a service needs: beyond, it is the bank's. */
const MANY = { minItems: 1, maxItems: 50 };
const LargestAmount = {
  amount: amount('The most that one operation moves, promises or lends.'),
  currency: currency('Its currency; the key moves no other.'),
};
const NETWORK = '203.0.113.0/24';

export const CreateApiKeyRequest = requestObject('CreateApiKeyRequest', 'An API key to create.', {
  name: givenText('What it is for.', NAME, LENGTHS.short),
  scopes: list('What it may do; this never changes.', Scope, { minItems: 1, maxItems: SCOPES.length }),
  expiresAt: Type.Optional(instant('When it expires; never if not given.')),
  accounts: Type.Optional(list('The accounts that it is bound to.', id('account', 'An account.'), MANY)),
  customers: Type.Optional(
    list(
      'The customers that it is bound to, with the accounts that they own alone or jointly; where one is authorised, it reads.',
      id('customer', 'A customer.'),
      MANY,
    ),
  ),
  largestAmount: Type.Optional(
    requestObject('LargestAmountRequest', 'The largest amount of one operation.', LargestAmount),
  ),
  addresses: Type.Optional(
    list(
      'The addresses or networks (CIDR) that it may be used from.',
      givenText('One.', NETWORK, LENGTHS.number),
      MANY,
    ),
  ),
});

export const RotateApiKeyRequest = requestObject('RotateApiKeyRequest', 'A key to be followed by another.', {
  previousUntil: Type.Optional(instant('When the old key ends; a week from now if not given.')),
  expiresAt: Type.Optional(
    instant('When the new key expires; if not given it lives as long as the old one was to.'),
  ),
});

const fields = {
  id: id('apiKey', 'The id.'),
  clientId: id('apiKey', 'The caller for whom it stands: the first of the keys that follow one another.'),
  name: text('What it is for.', NAME),
  prefix: text('How its token begins.', 'florin_live_0a1b2c3d4e5f'),
  scopes: list('What it may do.', text('A scope.', 'accounts:read')),
  accounts: list(
    'The accounts that it is bound to; with `customers` empty, too, it is bound to none.',
    id('account', 'An account.'),
  ),
  customers: list('The customers that it is bound to.', id('customer', 'A customer.')),
  largestAmount: nullable(
    resource('LargestAmount', 'The largest amount of one operation; null for any.', {
      amount: signedAmount('The amount.'),
      currency: currency('Its currency.'),
    }),
  ),
  addresses: list('The networks that it may be used from; empty for any.', text('One.', NETWORK)),
  expiresAt: nullable(instant('When it expires; null for never.')),
  lastUsedAt: nullable(instant('When it was last used; null for never.')),
  revokedAt: nullable(instant('When it was revoked; null while it is valid.')),
  createdBy: text('The user or program that created it.', 'usr_01h455vb4pex5vsknk084sn02q'),
  createdAt: instant('When it was created.'),
};

export const ApiKeySchema = resource('ApiKey', 'A key with which a service calls the API.', fields);
export type ApiKeyView = Static<typeof ApiKeySchema>;

export const CreatedApiKeySchema = resource('CreatedApiKey', 'A new API key with its token.', {
  ...fields,
  token: text('For `Authorization: Bearer …`. Shown this once.', 'florin_live_0a1b2c3d4e5f_…'),
});

/** What a key is confined to, as it is shown and recorded. */
export function boundsView({ accounts = [], customers = [], largest, networks = [] }: KeyBounds) {
  return {
    accounts: accounts.map((one) => toTypeId('account', one)),
    customers: customers.map((one) => toTypeId('customer', one)),
    largestAmount: orNull(largest, ({ amountMinor, currency: code }) => ({
      amount: formatAmount(amountMinor, code),
      currency: code,
    })),
    addresses: [...networks],
  };
}

/** What a key is confined to by a request. Throws 400 `validation_failed`. */
export function boundsOf({
  accounts,
  customers,
  largestAmount,
  addresses,
}: Static<typeof CreateApiKeyRequest>): KeyBounds {
  return checkAll({
    accounts: () =>
      optional(accounts, (texts) => checkEach(texts, (text, at) => idOf('account', text, `accounts[${at}]`))),
    customers: () =>
      optional(customers, (texts) =>
        checkEach(texts, (text, at) => idOf('customer', text, `customers[${at}]`)),
      ),
    largest: () => optional(largestAmount, largestOf),
    networks: () => addresses,
  });
}

function largestOf({
  amount: text,
  currency: code,
}: {
  readonly amount: string;
  readonly currency: string;
}): Money {
  const known = requireCurrency(code, 'largestAmount.currency');
  return { amountMinor: parseAmount(text, known, 'largestAmount.amount'), currency: known };
}

function idOf<Name extends 'account' | 'customer'>(name: Name, text: string, path: string): Id<Name> {
  const parsed = parseTypeId(name, text);
  if (parsed === undefined)
    throw validationFailed({ path, message: `must be the id of ${name === 'account' ? 'an' : 'a'} ${name}` });
  return parsed;
}

/** Never its secret. */
export function apiKeyView({ state }: ApiKey): ApiKeyView {
  return {
    id: toTypeId('apiKey', state.id),
    clientId: toTypeId('apiKey', state.clientId),
    name: state.name,
    prefix: `florin_live_${state.prefix}`,
    scopes: [...state.scopes],
    ...boundsView(state.bounds),
    expiresAt: orNull(state.expiresAtMs, toIsoInstant),
    lastUsedAt: orNull(state.lastUsedAtMs, toIsoInstant),
    revokedAt: orNull(state.revokedAtMs, toIsoInstant),
    createdBy: state.createdBy,
    createdAt: toIsoInstant(state.createdAtMs),
  };
}

export const ApiKeyParams = idParams('apiKey');
