import { toTypeId } from '#lib/ids.ts';
import { formatAmount } from '#lib/money/money.ts';
import { toIsoInstant } from '#lib/time/clock.ts';
import { statusAt } from './beneficiary.ts';
import type { StoredBeneficiary } from './repository.ts';

/** A beneficiary as the API and the CLI show it. Amounts in major units. */
export type BeneficiaryView = {
  id: string;
  customerId: string;
  name: string;
  nickname: string | null;
  iban: string;
  /** The account of this bank that the IBAN belongs to. */
  accountId: string | null;
  currency: string | null;
  limitPerDay: string | null;
  status: 'cooling_off' | 'active';
  usableFrom: string;
  createdAt: string;
  updatedAt: string;
};

export function beneficiaryView(beneficiary: StoredBeneficiary, nowMs: number): BeneficiaryView {
  const { accountId, currency, limitPerDayMinor } = beneficiary;
  return {
    id: toTypeId('beneficiary', beneficiary.id),
    customerId: toTypeId('customer', beneficiary.customerId),
    name: beneficiary.name,
    nickname: beneficiary.nickname ?? null,
    iban: beneficiary.iban,
    accountId: accountId === undefined ? null : toTypeId('account', accountId),
    currency: currency ?? null,
    limitPerDay:
      currency === undefined || limitPerDayMinor === undefined
        ? null
        : formatAmount(limitPerDayMinor, currency),
    status: statusAt(beneficiary, nowMs),
    usableFrom: toIsoInstant(beneficiary.usableFromMs),
    createdAt: toIsoInstant(beneficiary.createdAtMs),
    updatedAt: toIsoInstant(beneficiary.updatedAtMs),
  };
}
