import { type Static, Type } from 'typebox';
import { amount, choice, currency, date, flag, id, signedAmount, text } from '#http/fields.ts';
import { idParams } from '#http/operations.ts';
import { described, nullable, requestObject, resource } from '#http/schemas.ts';
import { toTypeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import { orNull } from '#lib/text.ts';
import type { AccountLimits } from './account-limits.ts';
import type { LimitName, Limits } from './limit.ts';
import type { DefaultLimits } from './repository.ts';

const ABOUT = {
  perTransaction: 'The most that is paid at once',
  perDay: 'The most that is paid on a day',
  newBeneficiaryPerDay: 'The most that is paid on a day to beneficiaries that are cooling off',
} as const;

const given = (name: LimitName) =>
  Type.Optional(nullable(amount(`${ABOUT[name]}; null or left out: not set.`)));
const wanted = {
  perTransaction: given('perTransaction'),
  perDay: given('perDay'),
  newBeneficiaryPerDay: given('newBeneficiaryPerDay'),
};

const shown = (name: LimitName) => nullable(signedAmount(`${ABOUT[name]}; null where it is not set.`));
const set = {
  perTransaction: shown('perTransaction'),
  perDay: shown('perDay'),
  newBeneficiaryPerDay: shown('newBeneficiaryPerDay'),
};
const SetLimits = Type.Object(set);

export const SetAccountLimitsRequest = requestObject(
  'SetAccountLimitsRequest',
  'All limits of an account’s own.',
  wanted,
);

export const SetDefaultLimitsRequest = requestObject(
  'SetDefaultLimitsRequest',
  'All limits of the bank, or of a product, in a currency.',
  {
    currency: currency('The currency of the accounts.'),
    product: Type.Optional(
      text('The product of the accounts; all accounts if not given.', 'current', { maxLength: 50 }),
    ),
    ...wanted,
    ownTransfersCount: Type.Optional(
      flag('Whether transfers between accounts of one customer count; they do if not given.'),
    ),
  },
);

const LAYERS = ['account', 'product', 'bank'] as const;

const Effective = resource('EffectiveLimit', 'A limit that counts.', {
  amount: signedAmount('The limit.'),
  setFor: choice('LimitLayer', 'What it is set for.', LAYERS),
  left: signedAmount('What is left of it now.'),
});
const effective = (name: LimitName) =>
  described(nullable(Effective), `${ABOUT[name]}; null without a limit.`);

export const AccountLimitsSchema = resource(
  'AccountLimits',
  'The limits of an account: those of its own, and those that count.',
  {
    accountId: id('account', 'The account.'),
    currency: currency('The currency of the amounts.'),
    businessDate: date('The day of which what is left is said.'),
    ...set,
    effective: resource(
      'EffectiveLimits',
      'The limits that count: of the account, its product or the bank.',
      {
        perTransaction: effective('perTransaction'),
        perDay: effective('perDay'),
        newBeneficiaryPerDay: effective('newBeneficiaryPerDay'),
      },
    ),
  },
);
export type AccountLimitsView = Static<typeof AccountLimitsSchema>;

export const DefaultLimitsSchema = resource('DefaultLimits', 'Limits of the bank or of a product.', {
  currency: currency('The currency of the accounts and of the amounts.'),
  product: nullable(text('The product of the accounts; null for all accounts.', 'current')),
  ...set,
  ownTransfersCount: flag('Whether transfers between accounts of one customer count.'),
});
export type DefaultLimitsView = Static<typeof DefaultLimitsSchema>;

/** Limits as they are set, in major units. */
export function limitTexts(limits: Limits, currency: Currency): Static<typeof SetLimits> {
  const shownOf = (name: LimitName) => orNull(limits[name], (minor) => formatAmount(minor, currency));
  return {
    perTransaction: shownOf('perTransaction'),
    perDay: shownOf('perDay'),
    newBeneficiaryPerDay: shownOf('newBeneficiaryPerDay'),
  };
}

export function defaultLimitsView(defaults: DefaultLimits): DefaultLimitsView {
  const { currency, product, limits, ownTransfersCount } = defaults;
  return { currency, product: product ?? null, ...limitTexts(limits, currency), ownTransfersCount };
}

export function accountLimitsView(account: AccountLimits): AccountLimitsView {
  const { accountId, currency, businessDate, layers } = account;
  return {
    accountId: toTypeId('account', accountId),
    currency,
    businessDate,
    ...limitTexts(layers.account, currency),
    effective: {
      perTransaction: effectiveLimit(account, 'perTransaction'),
      perDay: effectiveLimit(account, 'perDay'),
      newBeneficiaryPerDay: effectiveLimit(account, 'newBeneficiaryPerDay'),
    },
  };
}

function effectiveLimit(
  { layers, currency, allowance }: AccountLimits,
  name: LimitName,
): Static<typeof Effective> | null {
  for (const setFor of LAYERS) {
    const limitMinor = layers[setFor][name];
    if (limitMinor === undefined) continue;
    const leftMinor = allowance?.leftMinor(name) ?? limitMinor;
    return {
      amount: formatAmount(limitMinor, currency),
      setFor,
      left: formatAmount(leftMinor > 0n ? leftMinor : 0n, currency),
    };
  }
  return null;
}

export const LimitsParams = idParams('account');
