import { toTypeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import type { AccountLimits } from './account-limits.ts';
import type { LimitName, Limits } from './limit.ts';
import type { DefaultLimits } from './repository.ts';

/** Limits as they are set, in major units; null where none is. */
export type LimitTexts = {
  perTransaction: string | null;
  perDay: string | null;
  newBeneficiaryPerDay: string | null;
};

/** A limit that counts: who set it, and what is left of it now. Major units. */
export type EffectiveLimit = { amount: string; setFor: 'account' | 'product' | 'bank'; left: string };

/** The limits of an account: those that are set for itself, and those that count. */
export type AccountLimitsView = LimitTexts & {
  accountId: string;
  currency: string;
  businessDate: string;
  effective: {
    perTransaction: EffectiveLimit | null;
    perDay: EffectiveLimit | null;
    newBeneficiaryPerDay: EffectiveLimit | null;
  };
};

export type DefaultLimitsView = LimitTexts & { currency: string; product: string | null };

export function limitTexts(limits: Limits, currency: Currency): LimitTexts {
  const text = (name: LimitName): string | null => {
    const limitMinor = limits[name];
    return limitMinor === undefined ? null : formatAmount(limitMinor, currency);
  };
  return {
    perTransaction: text('perTransaction'),
    perDay: text('perDay'),
    newBeneficiaryPerDay: text('newBeneficiaryPerDay'),
  };
}

export function defaultLimitsView({ currency, product, limits }: DefaultLimits): DefaultLimitsView {
  return { currency, product: product ?? null, ...limitTexts(limits, currency) };
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

const LAYERS = ['account', 'product', 'bank'] as const;

function effectiveLimit(
  { layers, currency, allowance }: AccountLimits,
  name: LimitName,
): EffectiveLimit | null {
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
