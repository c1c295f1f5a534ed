import { type Static, Type } from 'typebox';
import {
  amount,
  choice,
  createdRange,
  currency,
  date,
  externalIdFilter,
  flag,
  givenIban,
  givenLabels,
  givenText,
  id,
  instant,
  LENGTHS,
  labelsView,
  list,
  metadata,
  metadataFilter,
  reasons,
  shownLabels,
  signedAmount,
  text,
} from '#http/fields.ts';
import { idParams } from '#http/operations.ts';
import { pageQuery } from '#http/pagination.ts';
import { closedObject, described, nullable, requestObject, resource } from '#http/schemas.ts';
import { type Caller, ownCustomerOf } from '#lib/caller.ts';
import { toTypeId } from '#lib/ids.ts';
import type { Currency } from '#lib/money/currencies.ts';
import { formatAmount } from '#lib/money/money.ts';
import {
  ACCOUNT_STATUSES,
  type AvailableFunds,
  availableMinor,
  FREEZES,
  unarrangedMinor,
} from './account.ts';
import type { StoredAccount } from './repository.ts';

const Status = choice(
  'AccountStatus',
  'Money moves on an active account; into a dormant one, and into a frozen one if only debits are frozen.',
  ACCOUNT_STATUSES,
);
const Freeze = choice('Freeze', 'What is frozen: debits, so that money still comes in, or all.', FREEZES);
const Role = choice(
  'HolderRole',
  'An owner and a joint holder own the money; an authorised holder may pay with it.',
  ['owner', 'joint', 'authorised'],
);

const externalId = givenText('The id in your own systems, unique in the book.', 'core-4711', LENGTHS.short);
const customerId = id('customer', 'The customer.');

export const OpenAccountRequest = requestObject('OpenAccountRequest', 'An account to open.', {
  customerId: id('customer', 'The owner.'),
  product: text('The code of the product.', 'current', { maxLength: 50 }),
  currency: currency('The currency of the account, one of those of the product.'),
  overdraftLimit: Type.Optional(amount('How far the balance may go below zero; 0 if not given.')),
  ...givenLabels('core-4711'),
});

export const ChangeAccountRequest = requestObject(
  'ChangeAccountRequest',
  'New terms of an account; what is not given stays as it is.',
  {
    overdraftLimit: Type.Optional(amount('How far the balance may go below zero.')),
    externalId: Type.Optional(nullable(externalId)),
    metadata: Type.Optional(metadata('All texts of your own: those not given are removed.')),
  },
  { minProperties: 1 },
);

export const ChangeStatusRequest = requestObject('ChangeStatusRequest', 'Why the status changes.', {
  ...reasons('Reported as stolen'),
});

export const CloseAccountRequest = requestObject('CloseAccountRequest', 'Why, and where to what is left.', {
  payoutTo: Type.Optional(
    id('account', 'Another account of the owner in the same currency: it gets the interest and the balance.'),
  ),
  ...reasons('At the customer’s request'),
});

export const FreezeAccountRequest = requestObject('FreezeAccountRequest', 'What to freeze, and why.', {
  what: Type.Optional(described(Freeze, 'What to freeze; all if not given.')),
  ...reasons('Court order 12 M 384'),
});

export const AddHolderRequest = requestObject('AddHolderRequest', 'A further holder of an account.', {
  customerId,
  role: Role,
});

export const ChangeOwnerRequest = requestObject('ChangeOwnerRequest', 'Another owner of an account.', {
  customerId: id('customer', 'A holder of the account, who becomes the owner that it is of.'),
  reason: givenText('Why, for staff and the audit trail.', 'The owner died on 3 March; heirs agreed.'),
});

const holder = { customerId: Type.Optional(id('customer', 'The holder to remove.')) };
/** The holder to remove, named in the query or in the body. */
export const RemoveHolderRequest = requestObject('RemoveHolderRequest', 'A holder to remove.', holder);
export const RemoveHolderQuery = closedObject(holder);

export const BalanceSchema = resource('Balance', 'A balance now, in major units of the account’s currency.', {
  posted: signedAmount('What was posted.'),
  held: signedAmount('What holds have set aside of it.'),
  available: signedAmount(
    'Posted less held, and the overdraft limit; below zero: nothing is spent until as much came in. A minimum balance is in it.',
  ),
});

const BalanceAt = resource('BalanceAt', 'A balance now or at an earlier time.', {
  posted: signedAmount('What was posted by then.'),
  held: nullable(signedAmount('What holds set aside; null for an earlier time, of which it is not kept.')),
  available: nullable(signedAmount('What could be spent; null for an earlier time.')),
});

export const AccountBalanceSchema = resource('AccountBalance', 'The balance of an account.', {
  accountId: id('account', 'The account.'),
  currency: currency('The currency of the amounts.'),
  asOf: nullable(text('The date or instant asked for; null for now.', '2026-03-31')),
  balance: BalanceAt,
});

export const AccountSchema = resource('Account', 'An account of a customer. Amounts are in its currency.', {
  id: id('account', 'The id.'),
  number: text('The account number in the form of the bank’s country, without the bank code.', '1000000001'),
  iban: nullable(text('The IBAN; null in a country without IBANs.', 'DE88100100101000000001')),
  product: text('The code of its product.', 'current'),
  currency: currency('Its currency.'),
  status: Status,
  frozen: nullable(described(Freeze, 'What is frozen; null while the account is not frozen.')),
  isEstate: flag('Whether nobody who is alive owns it: money leaves it for the estate alone.'),
  statusReason: nullable(
    text(
      'Why it has this status, for staff; null for its holders and while it never changed.',
      'Fraud case 77',
    ),
  ),
  customerReason: nullable(text('What the holders read about its status.', 'At your request')),
  customerId: id('customer', 'The owner it was opened for.'),
  holders: list(
    'Everybody who holds it.',
    resource('Holder', 'A holder of an account.', {
      customerId,
      role: Role,
      deceasedOn: Type.Optional(date('When the holder died; absent while the holder is alive.')),
    }),
  ),
  overdraftLimit: signedAmount('How far the balance may go below zero: the arranged overdraft.'),
  unarrangedOverdraft: signedAmount(
    'How far it is below that, since a mistaken credit was taken back; zero for nearly all.',
  ),
  minimumBalance: signedAmount('What payments leave on it, by the terms of its product.'),
  balance: BalanceSchema,
  openedOn: date('The business date on which it was opened.'),
  closedOn: nullable(date('The business date on which it was closed; null while it is open.')),
  closingNoticeOn: nullable(date('When notice was given that it is to be closed; null for none.')),
  ...shownLabels('core-4711'),
  createdAt: instant('When it was created.'),
  updatedAt: instant('When it was last changed.'),
});
export type AccountView = Static<typeof AccountSchema>;

/** An account as a caller may see it: the reason that staff gave is for staff. */
export function accountView(caller: Caller, account: StoredAccount): AccountView {
  const { currency, funds } = account;
  const isStaff = ownCustomerOf(caller) === undefined;
  return {
    id: toTypeId('account', account.id),
    number: account.number,
    iban: account.iban ?? null,
    product: account.product,
    currency,
    status: funds.status,
    frozen: funds.frozen ?? null,
    isEstate: funds.isEstate,
    statusReason: (isStaff ? account.statusReason : undefined) ?? null,
    customerReason: account.customerReason ?? null,
    customerId: toTypeId('customer', account.customerId),
    holders: account.holders.map(({ customerId, role, deceasedOn }) => ({
      customerId: toTypeId('customer', customerId),
      role,
      ...(deceasedOn === undefined ? {} : { deceasedOn }),
    })),
    overdraftLimit: formatAmount(funds.overdraftLimitMinor, currency),
    unarrangedOverdraft: formatAmount(unarrangedMinor(funds), currency),
    minimumBalance: formatAmount(funds.minimumMinor, currency),
    balance: balanceView(funds, currency),
    openedOn: account.openedOn,
    closedOn: account.closedOn ?? null,
    closingNoticeOn: account.closingNoticeOn ?? null,
    ...labelsView(account),
    createdAt: account.createdAt.toISOString(),
    updatedAt: account.updatedAt.toISOString(),
  };
}

export function balanceView(funds: AvailableFunds, currency: Currency): Static<typeof BalanceSchema> {
  return {
    posted: formatAmount(funds.postedMinor, currency),
    held: formatAmount(funds.heldMinor, currency),
    available: formatAmount(availableMinor(funds), currency),
  };
}

export const ListAccountsQuery = pageQuery({
  customerId: Type.Optional(id('customer', 'Those that the customer holds.')),
  status: Type.Optional(described(Status, 'Those of this status.')),
  overdraft: Type.Optional(choice('OverdraftFilter', 'Those with such an overdraft now.', ['unarranged'])),
  iban: Type.Optional(givenIban('The one with this IBAN.', 'DE88100100101000000001')),
  number: Type.Optional(text('The one with this account number.', '1000000001', { maxLength: 30 })),
  externalId: externalIdFilter('core-4711'),
  metadata: metadataFilter,
  ...createdRange,
});

export const BalanceQuery = closedObject({
  asOf: Type.Optional(
    text('A date, for its end, or an instant with Z or an offset; now if not given.', '2026-03-31', {
      maxLength: 40,
    }),
  ),
});

export const AccountParams = idParams('account');
