import { toTypeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import { type AccountFunds, availableMinor } from './account.ts';
import type { StoredAccount } from './repository.ts';

/** Amounts in major units. */
export type BalanceView = { posted: string; held: string; available: string };

/** An account as the API and the CLI show it. */
export type AccountView = {
  id: string;
  number: string;
  iban: string;
  product: string;
  currency: string;
  status: 'active' | 'frozen' | 'closed';
  statusReason: string | null;
  customerId: string;
  holders: { customerId: string; role: 'owner' | 'joint' | 'authorised' }[];
  overdraftLimit: string;
  balance: BalanceView;
  openedOn: string;
  closedOn: string | null;
  externalId: string | null;
  metadata: Record<string, string>;
  createdAt: string;
  updatedAt: string;
};

export function accountView(account: StoredAccount): AccountView {
  const { currency, funds } = account;
  return {
    id: toTypeId('account', account.id),
    number: account.number,
    iban: account.iban,
    product: account.product,
    currency,
    status: funds.status,
    statusReason: account.statusReason ?? null,
    customerId: toTypeId('customer', account.customerId),
    holders: account.holders.map(({ customerId, role }) => ({
      customerId: toTypeId('customer', customerId),
      role,
    })),
    overdraftLimit: formatAmount(funds.overdraftLimitMinor, currency),
    balance: balanceView(funds, currency),
    openedOn: account.openedOn,
    closedOn: account.closedOn ?? null,
    externalId: account.externalId ?? null,
    metadata: { ...account.metadata },
    createdAt: account.createdAt.toISOString(),
    updatedAt: account.updatedAt.toISOString(),
  };
}

export function balanceView(funds: AccountFunds, currency: Currency): BalanceView {
  return {
    posted: formatAmount(funds.postedMinor, currency),
    held: formatAmount(funds.heldMinor, currency),
    available: formatAmount(availableMinor(funds), currency),
  };
}
